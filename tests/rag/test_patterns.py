"""No pattern that reads what strangers write takes far more time for a text four times as long."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import MappingProxyType

import pytest

import knowledge
import rag

_LENGTHS = (60, 250, 1_000, 4_000, 16_000)
_GROWTH = 8.0
"""Linear work grows fourfold from one length to the next, quadratic work sixteenfold; between them lies noise."""
_SECONDS = 0.15
"""What takes less is not measured well, and does no harm."""
_TOO_LONG = 2.0
"""Longer texts are not tried once a text takes as long."""

_PIECES = (
    "a", " ", "1", "-", ".", ",", "(", "#", "|", "\n", "\t", "_", "<", "&", "a ", "1 ", "1,", "1.", "a-", "a.", "a_",
    "$1 ", "1k ", "1% ", "the ", "of the ", "is ", "what ", "how much ", "is it true that ", "if ", "because ", "long ",
    "at ", "from ", "to ", "liq ", "funding ", "not ", "in the last ", "than ", "x ", "| a ", "- ", "* ", "# a\n",
    "a\n", "<a ", "<!--", "![", "[a](", "http://", "a@", "2025-", "nov ", "and ", ", ", "no, ", "ignore ", "you are ",
    "\u00a0", "é", "Aa ",
)  # fmt: skip

OLD: frozenset[str] = frozenset(
    {
        # Searched for in whole texts.
        "knowledge.checking.links._LINK",
        "knowledge.narrowing._MIXED",
        "knowledge.quarantine._MARKUP",
        "knowledge.quarantine._ORDERS",
        "rag.generating.parsing._AFTER_THE_STOP",
        "rag.meaning.comparing._CLAUSE",
        "rag.published.grammar._DIFFERENCE",
        "rag.published.statements._CLAUSE",
        "rag.published.statements._PREPOSITION",
        "rag.reader.clauses._CUT",
        "rag.slang._CHATTER",
        "rag.verifying.support._CLAUSE",
        "rag.verifying.support._OF_SEVERAL",
        # Only matched at one place, or in a window of a few letters.
        "knowledge.gazetteer.gazetteer._COUNTED",
        "knowledge.gazetteer.gazetteer._QUOTED",
        "knowledge.loading.pagetext._NUMBER",
        "rag.inputs._CUES_BEFORE['entry']",
        "rag.published.dating._CRASH_AFTER",
        "rag.published.dating._ENDS_IN_CRASH",
    }
)
"""Patterns that are like this and still to be mended, or are only used where it does no harm."""


def _modules() -> Iterator[str]:
    for package in (rag, knowledge):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield found.name


def _patterns(value: object, name: str, depth: int = 0) -> Iterator[tuple[str, "re.Pattern[str]"]]:
    """All compiled patterns of text in `value`, also in what it holds."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield name, value
    elif depth > 3:
        return
    elif isinstance(value, (dict, MappingProxyType)):
        for key, one in value.items():
            yield from _patterns(one, f"{name}[{key!r}]", depth + 1)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for place, one in enumerate(value):
            yield from _patterns(one, f"{name}[{place}]", depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _patterns(getattr(value, field.name, None), f"{name}.{field.name}", depth + 1)
    elif isinstance(value, type) and value.__module__.startswith(("rag.", "knowledge.")):
        for key, one in vars(value).items():
            yield from _patterns(one, f"{name}.{key}", depth + 2)


def _all() -> dict[str, "re.Pattern[str]"]:
    found: dict[str, re.Pattern[str]] = {}
    seen: set[re.Pattern[str]] = set()
    for module in _modules():
        for name, value in vars(importlib.import_module(module)).items():
            if name.startswith("__"):
                continue
            for place, pattern in _patterns(value, f"{module}.{name}"):
                if pattern not in seen:
                    seen.add(pattern)
                    found[place] = pattern
    return found


PATTERNS = _all()


def _seconds(pattern: "re.Pattern[str]", text: str) -> float:
    start = time.process_time()
    for _ in pattern.finditer(text):
        pass
    pattern.match(text)
    return time.process_time() - start


def _grows(pattern: "re.Pattern[str]", piece: str) -> str | None:
    """How the time of `pattern` grows on text made of `piece`, if it grows too fast."""
    before = 0.0
    for length in _LENGTHS:
        # The end differs, so that a match that needs one has to give up late.
        text = (piece * (length // len(piece) + 1))[:length] + "\x01"
        took = _seconds(pattern, text)
        if took > _SECONDS and before:
            took = min(took, _seconds(pattern, text))
        if took > _SECONDS and took > _GROWTH * max(before, _SECONDS / 16):
            return f"{piece!r}: {before:.3f} s, then {took:.3f} s for {length} characters"
        if took > _TOO_LONG:
            return f"{piece!r}: {took:.3f} s for {length} characters"
        before = took
    return None


def test_patterns_are_found() -> None:
    assert len(PATTERNS) > 60
    assert any(name.startswith("rag.quantities.") for name in PATTERNS)
    assert any(name.startswith("knowledge.") for name in PATTERNS)


@pytest.mark.parametrize("name", sorted(set(PATTERNS) - OLD))
def test_no_pattern_is_slow_on_long_text(name: str) -> None:
    assert [found for piece in _PIECES if (found := _grows(PATTERNS[name], piece))] == []
