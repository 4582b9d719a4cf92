"""Sentences of a text, and which of them a reader has to read twice."""

import re
from collections.abc import Iterator

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")
_BLOCK = re.compile(r"^\s*(\||```|~~~|#|[-*+] |\d+[.)] )")
_LONGEST = 45
"""Words of a sentence; answers quote sentences one by one, and the longest of the bundled shelf has 44."""


def sentences(text: str) -> Iterator[str]:
    """The sentences of the prose in `text`; tables, code and headings are left out."""
    paragraph: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.strip() and not _BLOCK.match(line):
            paragraph.append(line.strip())
            continue
        yield from filter(None, _END.split(" ".join(paragraph)))
        paragraph = []


def hard_to_read(sentence: str) -> str | None:
    """What makes it hard, if anything does."""
    words = len(sentence.split())
    if words > _LONGEST:
        return f"a sentence of {words} words"
    depth = sentence.count("(") - len(re.findall(r"\([^()]*\)", sentence))
    return "brackets within brackets" if depth > 0 else None
