"""Identifies the language of a message, and holds what is replied to one that is not English. Translates nothing.

The identifier is py3langid: byte n-grams, the model inside the package, no network, the same answer every time.
"""

import math
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"

_LATIN = ("es", "pt", "de", "fr", "tr", "it", "nl", "pl", "vi", "id")
_OTHER_SCRIPTS = ("ru", "uk", "zh", "ja", "ko", "ar", "fa", "he", "hi", "th", "el")
CANDIDATES = (ENGLISH, *_LATIN, *_OTHER_SCRIPTS)
"""The languages a message may be in. Each Latin one more takes short English slang for itself."""

ENGLISH_MARGIN = 2.5
"""Log odds over English from which a message in Latin script counts as not English.

`training/languages.py`, on 22,248 English questions and 922 messages in nine languages: at 0, 332 questions are
taken for foreign and 3 messages for English; at 2.5, 15 and 8; at 4, 7 and 16.
"""

_OTHER_SCRIPT_SHARE = 0.3
"""From this share of letters outside the Latin script on, a message is not English, whatever the odds."""


class Language(BaseModel):
    """What is said in a language: that only English is answered so far."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reply: str


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Language]:
    """The languages that have a reply of their own, by ISO 639-1 code."""
    read = yaml.safe_load(Path(__file__).with_name("languages.yaml").read_text("utf-8"))
    return {code: Language.model_validate(language) for code, language in read.items()}


def language_of(text: str) -> str:
    """The ISO 639-1 code of one of `CANDIDATES`; `en` if the script is Latin and nothing else is much more likely.

    >>> language_of("warum wurde meine Position geschlossen"), language_of("liq price btc 20x long?")
    ('de', 'en')
    """
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return ENGLISH
    odds = language_odds(text)
    best = max(odds, key=lambda code: odds[code])
    elsewhere = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters) / len(letters)
    if elsewhere >= _OTHER_SCRIPT_SHARE:
        return max(_OTHER_SCRIPTS, key=lambda code: odds[code])
    return best if odds[best] >= ENGLISH_MARGIN else ENGLISH


def language_odds(text: str) -> Mapping[str, float]:
    """The log odds of each of `CANDIDATES` over English, which has 0."""
    scores = {code: math.log(max(score, 1e-30)) for code, score in _identifier().rank(text)}
    return {code: scores[code] - scores[ENGLISH] for code in CANDIDATES}


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(CANDIDATES)
    return identifier
