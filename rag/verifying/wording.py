"""How the words of a claim stand to those of an evidence sentence: shared, exchanged for others, or particular."""

import re
from difflib import SequenceMatcher

from knowledge.gazetteer import Gazetteer
from knowledge.gazetteer.calendar import MONTHS, WEEKDAYS
from rag.meaning.wording import concepts
from rag.meaning.words import words
from rag.quantities import quantities
from rag.verifying.bounds import bound_start

_NUMBER = "#"
_TOKEN = re.compile(rf"[a-z0-9_']+|{_NUMBER}")
_INDEX_NAME = re.compile(r"fear\s*(?:&|and)\s*greed\s+index", re.IGNORECASE)
"""A name whose words are opposites; taken as one word, so that neither of them counts as said."""

_SAYING = frozenset(
    [
        "stood",
        "stands",
        "traded",
        "came",
        "amounted",
        "reached",
        "made",
        "put",
        "altogether",
        "roughly",
        "nearly",
        "according",
        "within",
        "worth",
        "between",
        "during",
        "early",
        "late",
    ]
)
"""Verbs and adverbs that only carry a number; a claim adds nothing with them."""

_PARTICULAR = re.compile(
    rf"\b(?:{'|'.join((*MONTHS, *WEEKDAYS))}|(?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))\b"
)
_NEAR_COPY = 0.5
"""Share of a claim's words in order from which it counts as a copy in which single words may have been exchanged."""

_LONGEST_EXCHANGE = 3


def shared(claim: str, sentence: str, title: str = "") -> float:
    """Share of the claim's concepts, numbers aside, that the sentence or its title holds; 1.0 if it has none."""
    wanted = concepts(" ".join(_content(_tokens(claim))))
    held = concepts(_masked(sentence)) | concepts(_masked(title))
    return len(wanted & held) / len(wanted) if wanted else 1.0


def exchanged(claim: str, sentence: str) -> bool:
    """Whether the claim copies the sentence but for words that mean something else in the place of its own.

    >>> exchanged("The last price decides about liquidation.", "The mark price decides about liquidation.")
    True
    """
    ours, theirs = _tokens(claim), _tokens(sentence)
    changes = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    if sum(end - start for kind, start, end, _, _ in changes if kind == "equal") < _NEAR_COPY * len(ours):
        return False
    return any(
        _differ(ours[start:end], _in_place(theirs[other_start:other_end], ended=end == len(ours)))
        for kind, start, end, other_start, other_end in changes
        if kind == "replace" and end - start <= _LONGEST_EXCHANGE
    )


def _in_place(words: list[str], *, ended: bool) -> list[str]:
    """What may have been exchanged: a few words, or the first of many where the claim ends and the sentence goes on."""
    if len(words) <= _LONGEST_EXCHANGE:
        return words
    return words[:2] if ended else []


def particulars(text: str) -> frozenset[str]:
    """Months, weekdays and small numbers in words, which a claim may not add; what is a quantity is judged as one."""
    return frozenset(match[0].lower() for match in _PARTICULAR.finditer(_masked(text)))


def _differ(ours: list[str], theirs: list[str]) -> bool:
    one, other = _content(ours), _content(theirs)
    return bool(one and other) and not concepts(" ".join(one)) & concepts(" ".join(other))


def _content(tokens: list[str]) -> list[str]:
    return [token for token in tokens if token not in {_NUMBER, *_SAYING} and token not in words("small")]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_masked(text).lower())


def _masked(text: str) -> str:
    """`text` with each number, and what bounds it, as one sign: numbers are compared by what they state.

    Assets are called by their symbols.
    """
    rest = text
    for quantity in reversed(quantities(text)):
        rest = f"{rest[: bound_start(text, quantity)]} {_NUMBER} {rest[quantity.end :]}"
    return Gazetteer.load().by_symbol(_INDEX_NAME.sub("index_of_sentiment", rest))
