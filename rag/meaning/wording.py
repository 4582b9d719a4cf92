"""The content of a sentence as a set of stems, in which words that mean the same to this topic's readers are one."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import Stemmer
import yaml

from rag.meaning.words import words

_STEMMER = Stemmer.Stemmer("english")
_WORD = re.compile(r"[a-z0-9_]+(?:'[a-z]+)?")


def stems(text: str) -> frozenset[str]:
    """The stems of the content words of `text`.

    >>> sorted(stems("The exchange closed the positions."))
    ['close', 'exchang', 'posit']
    """
    return frozenset(_STEMMER.stemWords([word for word in _WORD.findall(text.lower()) if word not in words("small")]))


def concepts(text: str) -> frozenset[str]:
    """As `stems`, after each synonym was replaced by the word that stands for all of its kind."""
    return stems(in_own_terms(text))


def in_own_terms(text: str) -> str:
    """`text` in lower case with each synonym replaced by the word that stands for all of its kind."""
    plain = text.lower()
    for name, pattern in _synonyms().items():
        plain = pattern.sub(f" {name} ", plain)
    return plain


def coverage(statement: str, sentence: str) -> float:
    """Share of the statement's concepts that the sentence holds; 0.0 for a statement without content."""
    wanted = concepts(statement)
    return len(wanted & concepts(sentence)) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=1)
def _synonyms() -> Mapping[str, re.Pattern[str]]:
    groups: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("synonyms.yaml").read_text("utf-8"))
    return {name: re.compile("|".join(_pattern(word) for word in _longest(alike))) for name, alike in groups.items()}


def _pattern(word: str) -> str:
    ending = r"\w*" if word.endswith("*") else ""
    return rf"\b{re.escape(word.removesuffix('*'))}{ending}(?!\w)"


def _longest(alike: list[str]) -> list[str]:
    return sorted(alike, key=lambda word: (-len(word), word))
