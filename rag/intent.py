"""What the asker wants, from the nearest example questions and from words that leave no doubt."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml

Intent = Literal[
    "explain", "event_fact", "live", "calculation", "advice", "distress", "prediction", "unpublished",
    "off_topic", "injection", "greeting",
]  # fmt: skip

_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}"
    r"\b(?:instructions?|rules?|prompts?|guidelines|restrictions)\b"
    r"|\b(?:system|developer|hidden)\s+(?:prompt|message|instructions?)\b"
    r"|\b(?:developer|jailbreak|dan|god)\s+mode\b"
    r"|\byou are now\b|\bact as (?:an?|my)\b|\bpretend (?:to be|you are|you're)\b"
    r"|^\s*system\s*:|<\|?(?:im_start|system)",
    re.IGNORECASE,
)
_DISTRESS = re.compile(
    r"\b(?:kill(?:ing)? myself|suicid\w*|end (?:it all|my life)|want to die|don'?t want to (?:live|be here)|"
    r"can'?t go on|no reason to live|hurt myself|self[- ]harm|better off dead)\b"
    r"|\blost (?:everything|it all|(?:all )?(?:my|our) (?:life )?savings|(?:my|our) (?:house|home|rent))\b"
    r"|\b(?:hopeless|ashamed|desperate|devastated|can'?t (?:sleep|eat|stop crying))\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:should|shall|ought)\s+(?:i|we|one|my \w+)\b"
    r"|\bdo i (?:sell|buy|hold|close|short|long|exit|wait|get (?:in|out))\b"
    r"|\b(?:good|right|best|bad) (?:time|moment|entry|idea) to (?:buy|sell|short|long|get (?:in|out)|enter|exit)\b"
    r"|\bis (?:it|now) (?:smart|wise|safe|worth it|a good idea) to\b"
    r"|\b(?:what|which) (?:leverage|coin|token|crypto) (?:should|would|do you|to (?:buy|use))\b"
    r"|\bwould you (?:buy|sell|hold|short)\b|\b(?:recommend|advise) (?:me|a|an|buying|selling)\b"
    r"|\b(?:buy|sell|hold) or (?:buy|sell|hold|wait)\b|\btell me (?:what to (?:do|buy|sell)|whether to)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|gonna|going to)\b.{0,40}"
    r"\b(?:price|reach|hit|recover|crash|go|be|bounce|drop|fall|rise|pump|dump|10x|happen)\b"
    r"|\bprice (?:prediction|target|forecast)s?\b|\b(?:predict|forecast)\b"
    r"|\bby (?:the )?(?:end of (?:the )?(?:year|month|week)|christmas|20[3-9]\d)\b|\b(?:in|by) 20(?:2[7-9]|[3-9]\d)\b",
    re.IGNORECASE,
)


def example_questions() -> Mapping[str, list[str]]:
    """The examples of every intent, from `intents.yaml`."""
    examples: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("intents.yaml").read_text("utf-8"))
    return examples


def intent_of(text: str, nearest: Mapping[str, float], floor: float) -> Intent:
    """The intent of `text`; `nearest` maps each intent to its best example's cosine.

    Certain words decide alone: someone who speaks of ending their life is helped whatever else the text
    is about. Otherwise the nearest example decides if it is near enough (`floor`), else it is `explain`:
    the knowledge itself then says whether it can answer.
    """
    if _INJECTION.search(text):
        return "injection"
    if _DISTRESS.search(text):
        return "distress"
    if _ADVICE.search(text):
        return "advice"
    best = next(iter(nearest))
    if _FUTURE.search(text) and nearest["prediction"] > nearest["off_topic"]:
        return "prediction"
    if nearest[best] < floor:
        return "explain"
    return _known(best)


def _known(name: str) -> Intent:
    intents: dict[str, Intent] = {
        "explain": "explain", "event_fact": "event_fact", "live": "live", "calculation": "calculation",
        "advice": "advice", "distress": "distress", "prediction": "prediction", "unpublished": "unpublished",
        "off_topic": "off_topic", "injection": "injection", "greeting": "greeting",
    }  # fmt: skip
    return intents[name]
