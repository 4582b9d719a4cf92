"""`python -m handbook` writes the reference; `python -m handbook pictures ADDRESS` photographs a running server."""

import sys
from pathlib import Path

from handbook.pictures import photograph
from handbook.reference import reference

DOCS = Path(__file__).parents[1] / "docs"


def main(words: list[str]) -> None:
    if words[:1] == ["pictures"] and len(words) == 2:
        photograph(words[1], DOCS / "images")
    elif not words:
        for name, text in reference().items():
            (DOCS / "reference" / name).write_text(text, encoding="utf-8")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
