"""Whether sentences say an item of a case: a number with its unit, a phrase, or a whole statement."""

import re
from collections.abc import Sequence

import Stemmer

from rag.meaning.comparing import Meaning, clauses
from rag.meaning.numbers import all_stated, same_quantity
from rag.meaning.polarity import is_negated, opposes
from rag.meaning.wording import stems
from rag.meaning.words import words
from rag.quantities import Quantity, quantities

_STEMMER = Stemmer.Stemmer("english")
_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")
_UNIT_WORDS = re.compile(
    r"\b(?:usd|usdt|dollars?|percent|thousand|million|billion|trillion|bn|m|k|x|hours?|h|days?|about|around)\b"
    r"|[$%]",
    re.IGNORECASE,
)
_STATEMENT_STEMS = 3
_WORDS_BEFORE = 5
_WORDS_AROUND = 6
_WORDS_BETWEEN = 2


def options(item: str) -> list[str]:
    """The wordings an item offers, of which one is enough."""
    return [option.strip() for option in item.split(" | ") if option.strip()]


def said(item: str, sentences: Sequence[str], meaning: Meaning | None = None) -> bool:
    """Whether `sentences` say one of the wordings of `item`; `meaning` also finds statements in other words.

    Only a wording with at least three content words and no number is a statement: for less, nearness of
    meaning says nothing.
    """
    return any(_says(option, sentences, meaning) for option in options(item))


def said_outright(item: str, sentences: Sequence[str]) -> bool:
    """Whether `sentences` say one of the wordings of `item` in its own words and in their order.

    Stricter than `said`, for what must not be said: a sentence that warns of it holds the same words.
    """
    return any(_says_outright(option, sentence) for option in options(item) for sentence in sentences)


def _says(item: str, sentences: Sequence[str], meaning: Meaning | None) -> bool:
    if any(_literally(item, sentence) for sentence in sentences):
        return True
    if quantities(item):
        return _numbers(item, sentences)
    if any(_in_words(item, sentence) for sentence in sentences):
        return True
    return meaning is not None and len(stems(item)) >= _STATEMENT_STEMS and meaning.supported(item, sentences)


def _says_outright(item: str, sentence: str) -> bool:
    if _literally(item, sentence):
        return True
    wanted = quantities(item)
    if not wanted:
        return is_negated(item) == is_negated(sentence) and _in_order(_all_words(item), _all_words(sentence))
    beside = set(_words(_words_beside_numbers(item)))
    if not beside:
        return all_stated(wanted, quantities(sentence))
    return any(
        same_quantity(wanted[0], have) and beside <= set(_words(_around(sentence, have)))
        for have in quantities(sentence)
        if is_negated(item) == is_negated(sentence)
    )


def _literally(item: str, sentence: str) -> bool:
    """The item's own letters from the beginning of a word on, with no negation just before them."""
    flat, wanted = " ".join(sentence.lower().split()), " ".join(item.lower().split())
    for match in re.finditer(rf"(?<!\w){re.escape(wanted)}", flat):
        if quantities(item) and _number_goes_on(flat, match):
            continue
        before = " ".join(flat[: match.start()].split()[-_WORDS_BEFORE:])
        if len(stems(item)) < _STATEMENT_STEMS or is_negated(item) or not is_negated(before):
            return True
    return False


def _number_goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether the match is only a part of a longer number: the "21" of "210", "-21" or "21.5 percent"."""
    before, after = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 2].strip()
    return bool(re.fullmatch(r"[-−+.,$\d]", before)) or bool(re.match(r"[\d%]|[.,]\d|x\b", after))


def _numbers(item: str, sentences: Sequence[str]) -> bool:
    """All numbers of the item, in one sentence with its other words if it has any, else anywhere."""
    wanted = quantities(item)
    beside = _words_beside_numbers(item)
    if not _words(beside):
        return all_stated(wanted, [quantity for sentence in sentences for quantity in quantities(sentence)])
    return any(all_stated(wanted, quantities(sentence)) and _in_words(beside, sentence) for sentence in sentences)


def _words_beside_numbers(item: str) -> str:
    rest = item
    for quantity in reversed(quantities(item)):
        rest = rest[: quantity.start] + " " + rest[quantity.end :]
    return _UNIT_WORDS.sub(" ", rest)


def _around(sentence: str, quantity: Quantity) -> str:
    """The words near `quantity`; of those between two numbers, each has the nearer half."""
    # A date says when, not what, so it parts nothing.
    others = [other for other in quantities(sentence) if other.unit not in {"date", "time"}]
    left = max((other.end for other in others if other.end <= quantity.start), default=None)
    right = min((other.start for other in others if other.start >= quantity.end), default=None)
    before, after = sentence[left : quantity.start].split(), sentence[quantity.end : right].split()
    reach_before = _WORDS_AROUND if left is None else min(_WORDS_AROUND, (len(before) + 1) // 2)
    reach_after = _WORDS_AROUND if right is None else min(_WORDS_AROUND, (len(after) + 1) // 2)
    return " ".join([*before[::-1][:reach_before][::-1], *after[:reach_after]])


def _in_words(item: str, sentence: str) -> bool:
    """All words of the item by their stems in one sentence; from three content words on, negated and directed alike."""
    wanted = set(_words(item))
    if not wanted or not wanted <= set(_words(sentence)):
        return False
    if len(stems(item)) < _STATEMENT_STEMS and not is_negated(item):
        return True
    return any(
        wanted <= set(_words(spoken)) and is_negated(item) == is_negated(spoken) and not opposes(item, spoken)
        for spoken in (sentence, *clauses(sentence))
    )


def _in_order(wanted: Sequence[str], spoken: Sequence[str]) -> bool:
    """Whether `spoken` hold `wanted` in order, with at most two other words between them in all."""
    if not wanted:
        return False
    for start, word in enumerate(spoken):
        if word != wanted[0]:
            continue
        stretch = iter(spoken[start : start + len(wanted) + _WORDS_BETWEEN])
        if all(one in stretch for one in wanted):
            return True
    return False


def _words(text: str) -> list[str]:
    return list(_STEMMER.stemWords([word for word in _WORD.findall(text.lower()) if word not in words("articles")]))


def _all_words(text: str) -> list[str]:
    return list(_STEMMER.stemWords(_WORD.findall(text.lower())))
