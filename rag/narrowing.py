"""Narrows what was found to be asked for to what the words name outright: one side, a venue, percent or dollars.

Likeness of meaning hardly tells "liquidated" from "longs liquidated"; a word that is there does.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from rag.inputs import venue_in

_LONG = re.compile(r"\blongs?\b(?!-?\s*term)", re.IGNORECASE)
_SHORT = re.compile(r"\bshorts?\b(?!-?\s*term)", re.IGNORECASE)
_HOW_LONG = re.compile(
    r"\b(?:how|as|so|too|this|very) long\b|\blong (?:ago|time|until|before|after|did|does)\b", re.IGNORECASE
)
_BOTH = re.compile(
    r"\b(?:long|short)s?\b.{0,20}\b(?:or|vs\.?|versus|and|to|/)\b.{0,12}\b(?:long|short)s?\b", re.IGNORECASE
)
_SHARE = re.compile(r"\bshare\b|\bpart of\b|\bratio\b|\bmostly\b|\bmore\b", re.IGNORECASE)
_MINUTE = re.compile(r"\bminute\b", re.IGNORECASE)
_PERCENT = re.compile(r"\bpercent(?:age)?\b|\bin %|\bhow many %", re.IGNORECASE)
_DOLLARS = re.compile(
    r"\b(?:how many|in) (?:us )?(?:dollars?|usd)\b|\bin \$|\bdollar (?:amount|terms)\b", re.IGNORECASE
)


class _Narrower(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    readings: Mapping[str, Mapping[str, str]]
    families: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def _narrower() -> _Narrower:
    return _Narrower.model_validate(yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8")))


def readings_named(names: Sequence[str], text: str) -> list[str]:
    """`names` of metrics, each replaced by the narrower one that `text` names; each once."""
    return _replaced(names, _narrower().readings, text)


def families_named(names: Sequence[str], text: str) -> list[str]:
    """`names` of figure families, each replaced by the narrower one that `text` names; each once."""
    return _replaced(names, _narrower().families, text)


def _replaced(names: Sequence[str], narrower: Mapping[str, Mapping[str, str]], text: str) -> list[str]:
    found = list(names)
    for word in _words(text):
        found = [narrower.get(word, {}).get(name, name) for name in found]
    return list(dict.fromkeys(found))


def _words(text: str) -> list[str]:
    """What `text` names, in the order in which it narrows: side, venue, unit."""
    long, short = bool(_LONG.search(_HOW_LONG.sub("", text))), bool(_SHORT.search(text))
    words = (
        ["long" if long else "short"] if long != short and not _BOTH.search(text) and not _SHARE.search(text) else []
    )
    venue = venue_in(text)
    words += ["venue", venue] if venue else []
    words += ["minute"] if _MINUTE.search(text) else []
    words += ["percent"] if _PERCENT.search(text) else ["dollars"] if _DOLLARS.search(text) else []
    return words
