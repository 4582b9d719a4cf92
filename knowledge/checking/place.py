"""Finds the line of a file on which something that was read from it stands."""

import re
from functools import cached_property
from pathlib import Path

_FIRST_WORDS = 6


class Lines:
    """The lines of one text file; a file of another kind (PDF) has only its first."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, words: str, after: int = 1) -> int:
        """The 1-based line where `words` begin, wherever the file breaks its lines; `after` if they are nowhere."""
        first = re.findall(r"\w+", words)[:_FIRST_WORDS]
        if not first:
            return after
        start = sum(map(len, self._text.splitlines(keepends=True)[: after - 1]))
        pattern = re.compile(r"\W+".join(map(re.escape, first)))
        found = pattern.search(self._text, start) or pattern.search(self._text)
        return self._text.count("\n", 0, found.start()) + 1 if found else after

    @cached_property
    def _text(self) -> str:
        try:
            return self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""
