"""Splits text into sentences without being fooled by decimals, abbreviations and initials."""

import re

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9$*])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|etc|approx|no|nov|oct|sept?|aug|dec|jan|feb|mar|apr|inc|ltd|mr|ms|dr|st)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:\b[A-Z]\.){1,3}$")


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order; list bullets and blank lines also end one.

    >>> sentences("It fell 6.4 percent. Nobody, e.g. no U.S. desk, knew. Why?")
    ['It fell 6.4 percent.', 'Nobody, e.g. no U.S. desk, knew.', 'Why?']
    """
    found: list[str] = []
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", text):
        flat = re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", " ".join(block.split()))
        pending = ""
        for piece in filter(None, _END.split(flat)):
            pending = f"{pending} {piece}".strip()
            if _INITIALS.search(pending) or (_ABBREVIATION.search(pending) and not pending.endswith(("? ", "! "))):
                continue
            found.append(pending)
            pending = ""
        if pending:
            found.append(pending)
    return found
