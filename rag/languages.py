"""Recognises that a question is not in English, by its script or its commonest words. Translates nothing."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        "the is are was were what why how when where who which do does did can i my me you it of to in on for and or"
        " not if this that with at from as be have has will much many a an get got",
    )
)
_FEWEST = 3
"""Common words of a language that a question must have, and more than it has English ones."""
_SCRIPT = re.compile(r"[\u0400-\u04ff\u0590-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_SCRIPT_SHARE = 0.3
OTHER = "other"


class Language(BaseModel):
    """Words it is known by, and what is said in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: frozenset[str]
    reply: str


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Language]:
    """The languages that can be told apart, by code."""
    read = yaml.safe_load(Path(__file__).with_name("languages.yaml").read_text("utf-8"))
    return {code: Language.model_validate(language) for code, language in read.items()}


def language_of(text: str) -> str:
    """`en`, the code of a language in `languages.yaml`, or `other` for a script that English does not use.

    >>> language_of("warum wurde meine Position geschlossen"), language_of("why was my position closed")
    ('de', 'en')
    """
    letters = [letter for letter in text if letter.isalpha()]
    if letters and sum(bool(_SCRIPT.match(letter)) for letter in letters) / len(letters) >= _SCRIPT_SHARE:
        return OTHER
    words = [word.lower() for word in _WORD.findall(text.replace("’", " ").replace("'", " "))]
    english = sum(word in _ENGLISH for word in words)
    counts = {code: sum(word in language.words for word in words) for code, language in languages().items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= _FEWEST and counts[best] > english else "en"
