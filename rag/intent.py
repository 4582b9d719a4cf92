"""What the asker wants, from the nearest example questions and from words that leave no doubt."""

import re
from collections.abc import Mapping
from pathlib import Path
from re import Pattern
from typing import Literal

import yaml

from rag.signals import ADVICE, DISTRESS, FUTURE, INJECTION, PRIVATE

Intent = Literal[
    "explain", "event_fact", "live", "calculation", "advice", "distress", "prediction", "unpublished",
    "off_topic", "injection", "greeting",
]  # fmt: skip

_GUARDED: frozenset[Intent] = frozenset({"advice", "distress", "prediction", "unpublished", "off_topic", "injection"})
_GUARD_FLOOR = 0.6
"""A reply that is no answer needs a nearer example than an answer does: refusing wrongly costs more."""


_CERTAIN: tuple[tuple[Intent, Pattern[str]], ...] = (
    ("injection", INJECTION),
    ("distress", DISTRESS),
    ("unpublished", PRIVATE),
    ("advice", ADVICE),
)


_GUARD_FLOORS = {"distress": 0.5}
"""Someone in distress who is not recognised is hurt more than someone who is recognised wrongly."""

_AHEAD = re.compile(
    r"\b(?:will|would|going|next|soon|when|target|predict\w*|forecast\w*|can|could"
    r"|bottom|top|zero|10x|moon|how low|tomorrow)\b",
    re.IGNORECASE,
)
_TOLD_APART = 0.05
"""Advice that is only likely must be so much likelier than a question to explain."""
_PAST = re.compile(r"\b(?:did|was|were|had)\b", re.IGNORECASE)


def example_questions() -> Mapping[str, list[str]]:
    """The examples of every intent, from `intents.yaml`."""
    examples: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("intents.yaml").read_text("utf-8"))
    return examples


def is_guarded(text: str) -> bool:
    """Whether words in `text` leave no doubt that it is not a plain question."""
    return any(words.search(text) for _, words in _CERTAIN) or bool(FUTURE.search(text))


def intent_of(text: str, nearest: Mapping[str, float], floor: float) -> tuple[Intent, bool]:
    """The intent of `text`, and whether its words leave no doubt.

    `nearest` maps each intent to the cosine of its best example, highest first.

    Certain words decide alone: someone who speaks of ending their life is helped whatever else the text
    is about. Otherwise the nearest example decides if it is near enough (`floor`), else it is `explain`:
    the knowledge itself then says whether it can answer.
    """
    for intent, words in _CERTAIN:
        if words.search(text):
            return intent, True
    if FUTURE.search(text) and nearest["prediction"] > max(nearest["off_topic"], floor - 0.2):
        return "prediction", False
    best = next(iter(nearest))
    near = nearest[best]
    too_far = near < _GUARD_FLOORS.get(best, _GUARD_FLOOR)
    looks_back = best == "prediction" and (_PAST.search(text) or not _AHEAD.search(text))
    only_likely = best == "advice" and near - nearest["explain"] < _TOLD_APART
    if best in _GUARDED and (too_far or looks_back or only_likely):
        best = next(name for name in nearest if name not in _GUARDED)
        near = nearest[best]
    return (_known(best) if near >= floor else "explain"), False


def _known(name: str) -> Intent:
    intents: dict[str, Intent] = {
        "explain": "explain", "event_fact": "event_fact", "live": "live", "calculation": "calculation",
        "advice": "advice", "distress": "distress", "prediction": "prediction", "unpublished": "unpublished",
        "off_topic": "off_topic", "injection": "injection", "greeting": "greeting",
    }  # fmt: skip
    return intents[name]
