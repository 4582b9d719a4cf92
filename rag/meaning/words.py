"""The word lists of `words.yaml`."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml


def words(kind: Literal["small", "articles", "units"]) -> frozenset[str]:
    """The words of one list, in lower case."""
    return _lists()[kind]


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    lists: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text("utf-8"))
    return {name: frozenset(listed) for name, listed in lists.items()}
