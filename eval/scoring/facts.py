"""Whether the answer says what the case demands: numbers by value and unit, words by their stems."""

import re

import Stemmer

from eval.case import Case
from eval.scoring.score import NOT_APPLICABLE, Score, scorer
from rag.answer import Answer
from rag.quantities import Quantity, quantities

_STEMMER = Stemmer.Stemmer("english")
_WORD = re.compile(r"[a-z0-9']+")
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "it",
        "its",
        "that",
        "this",
        "with",
        "as",
        "not",
        "no",
    ]
)
_NEGATIONS = frozenset({"not", "no", "never", "n't", "cannot", "without"})


@scorer("facts_found")
def facts_found(case: Case, answer: Answer) -> Score:
    """Share of `must_say` items found; not applicable where the case demands nothing.

    A number is found if the answer states the same value in the same unit, where either side may be
    rounded to the digits it states: "19.16 billion USD" is found for "19 billion USD". Sign, unit and
    magnitude are never forgiven. Words are found if one sentence holds all their stems (or they stand there
    literally), with a negation exactly where the item has one.
    """
    if not case.must_say:
        return NOT_APPLICABLE
    misses = tuple(item for item in case.must_say if not any(said(option, answer) for option in item.split(" | ")))
    return Score(1 - len(misses) / len(case.must_say), misses)


def said(item: str, answer: Answer) -> bool:
    """Whether the answer's own sentences say `item`."""
    demanded = quantities(item)
    texts = [claim.text for claim in answer.claims]
    if demanded:
        stated = [quantity for text in texts for quantity in quantities(text)]
        return all(any(_same(want, have) for have in stated) for want in demanded)
    return any(_in_sentence(item, text) for text in texts)


def _same(want: Quantity, have: Quantity) -> bool:
    if want.day is not None or have.day is not None:
        return want.day is not None and have.day is not None and have.day.endswith(want.day.lstrip("-"))
    bare = {"plain", "count", "coin"}
    if want.unit != have.unit and not (want.unit in bare and have.unit in bare | {"usd"}):
        return False
    return abs(want.value - have.value) <= max(want.step, have.step) / 2 * (1 + 1e-9)


def _in_sentence(item: str, text: str) -> bool:
    lowered = " ".join(text.lower().split())
    if item.lower() in lowered:
        return True
    wanted, present = _stems(item), _stems(text)
    return bool(wanted) and wanted <= present and _negated(item) == _negated(text)


def _stems(text: str) -> set[str]:
    words = [word for word in _WORD.findall(text.lower()) if word not in _SMALL]
    return set(_STEMMER.stemWords(words))


def _negated(text: str) -> bool:
    words = text.lower().replace("n't", " n't").split()
    return any(word.strip(".,;:") in _NEGATIONS for word in words)
