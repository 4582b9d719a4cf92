"""Opaque codes under which a model sees evidence; the server alone knows which number each will get."""

import hashlib
import re
from collections.abc import Iterable, Iterator

from rag.evidence import Evidence

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_LENGTH = 4
CODES = re.compile(rf"\[((?:[A-Z]{{{_LENGTH}}})(?:\s*[,;]\s*[A-Z]{{{_LENGTH}}})*)\]")
"""One or more codes in square brackets, as a model writes them."""


class Codes:
    """Evidence by code. A code follows from the evidence itself, so order and company change nothing."""

    def __init__(self, evidence: Iterable[Evidence] = ()) -> None:
        self._known: dict[str, Evidence] = {}
        for item in evidence:
            self.add(item)

    def add(self, item: Evidence) -> str:
        """The code of `item`, new or as before."""
        code = next(code for code in _codes(item.key) if code not in self._known or self._known[code].key == item.key)
        self._known[code] = item
        return code

    def __getitem__(self, code: str) -> Evidence:
        return self._known[code]

    def __contains__(self, code: str) -> bool:
        return code in self._known

    def items(self) -> Iterator[tuple[str, Evidence]]:
        yield from self._known.items()


def _codes(key: str) -> Iterator[str]:
    """Code after code for one key; the second is only needed where two keys share the first."""
    digest = hashlib.sha256(key.encode()).digest()
    for start in range(len(digest) - _LENGTH):
        yield "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[start : start + _LENGTH])
