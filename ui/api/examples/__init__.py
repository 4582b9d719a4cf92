"""Replies as the product gave them, shown in the API's documentation."""

import json
from pathlib import Path
from typing import Any


def example(name: str) -> Any:
    """The reply kept in `NAME.json` beside this file."""
    return json.loads((Path(__file__).parent / f"{name}.json").read_text("utf-8"))
