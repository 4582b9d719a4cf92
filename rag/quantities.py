"""Reads the numbers in a text with their units, dates and precision, so that claims can be held to evidence.

This is the ground the number check and the evals stand on; it judges nothing itself.
"""

import re
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge.gazetteer import Gazetteer
from knowledge.gazetteer.calendar import SPOKEN_MONTH_PATTERN, month_number

Unit = Literal["usd", "percent", "multiple", "coin", "count", "duration", "date", "time", "plain"]


class Quantity(BaseModel):
    """One number as written. `value` is in base units (USD, percent, seconds for durations).

    `step` is the worth of the last digit stated, so "1.3 billion" has step 1e8: the writer vouches for the
    value within half a step. Dates carry `day` as ISO text of what is stated: 2025-11-04, 2025-11 or 2025.
    """

    model_config = ConfigDict(frozen=True)

    value: float
    unit: Unit
    step: float
    text: str
    start: int
    end: int
    day: str | None = None


_MONTH = SPOKEN_MONTH_PATTERN

_DATE = re.compile(
    rf"""\b(?:
        (?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)(?![\d-])
      | (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})\b\.?(?:,?\s+(?P<y1>(?:19|20)\d{{2}}))?
      | (?P<m2>{_MONTH})\b\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:\d)(?:,?\s+(?P<y2>(?:19|20)\d{{2}}))?
      | (?P<m3>{_MONTH})\b\.?,?\s+(?P<y3>(?:19|20)\d{{2}})
      | (?P<y4>20(?:0[89]|[123]\d))(?![\d,.]*\d|\s*(?:USD|USDT|dollars|%|percent|x\b|k\b|million|billion|trillion))
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_TIME = re.compile(r"\b(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?::[0-5]\d)?\b")

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[\u00a0\u202f]\d{3})+|\d{1,3}(?:[ ]\d{3}){2,}|\d+(?:\.\d+)?"
"""Thousands are parted by commas or spaces; by plain spaces only from millions on, since 12 300 may be two numbers."""
_PARTED = re.compile(r"[, \u00a0\u202f]")
_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "million": 1e6,
    "b": 1e9, "bn": 1e9, "billion": 1e9, "t": 1e12, "tn": 1e12, "trillion": 1e12,
}  # fmt: skip
_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "month": 2629800,
    "year": 31557600,
}
_COIN_WORDS = ("coins?", "bitcoins?", "ether", "XBT", "UST", "USDe")

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDED = {
    **{word: float(value) for value, word in enumerate([*_UNITS, *_TEENS], start=1)},
    **{word: 10.0 * value for value, word in enumerate(_TENS, start=2)},
}
_WORD = (
    r"(?:(?:half\s+)?an?(?=\s+(?:thousand|million|billion|trillion)\b)"
    rf"|(?:an?|{'|'.join(_UNITS)})\s+hundred|(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_UNITS)}))?"
    rf"|{'|'.join([*_TEENS, *_UNITS])})\b"
)

_SUFFIX = r"""
    (?:
        \s?(?P<points>basis\s+points?\b|bps?\b)
      | \s?(?P<percent>%|percent\b|per\s+cent\b|pct\b|percentage\s+points?\b)
      | (?P<multiple>\s?x\b(?!\s*[(\d])|\s+times\b|[\s-]?fold\b)
      | [\s-]?(?P<usd>US[\s-]dollars?|dollars?|USDT|USDC|USD|U\.S\.\s+dollars?)(?![\w])
      | \s?(?P<coin>{coins})\b
      | [\s-]?(?P<duration>second|minute|hour|day|week|month|year)s?\b
      | (?P<short>h|hr|hrs|d|min)\b
    )"""

_AMOUNT = rf"""
    (?P<currency>US\$|\$|USD\s?)?
    (?P<sign>(?<![\w)])[-−+]|\bminus\s+)?
    (?P<currency2>\$)?
    (?:(?<![\w.,])|(?<=USD))(?:(?P<number>{_NUMBER})(?![\d])|(?P<word>{_WORD}))
    (?:
        (?P<glued>k|mn|mln|m|bn|b|tn|t)\b
      | [\s-]?(?P<scale>thousand|million|billion|trillion|mn|mln|bn|tn|(?-i:[MB]))\b
    )?
    """


@cache
def _quantity_pattern() -> re.Pattern[str]:
    """A number with its sign, scale and unit; symbols of coins come from the gazetteer."""
    coins = "|".join(sorted((*_COIN_WORDS, *_symbols()), key=lambda word: (-len(word), word)))
    suffix = _SUFFIX.replace("{coins}", coins)
    return re.compile(f"{_AMOUNT}{suffix}?", re.IGNORECASE | re.VERBOSE)


def _symbols() -> list[str]:
    """The symbols of coins that are no ordinary words."""
    gazetteer = Gazetteer.load()
    plain = gazetteer.unmistakable_names()
    symbols = [entity.symbol for entity in gazetteer.of_kind("asset") if entity.symbol]
    return [re.escape(symbol) for symbol in symbols if symbol.lower() in plain]


_SHORT_DURATIONS = {"h": 3600, "hr": 3600, "hrs": 3600, "d": 86400, "min": 60}

# "30 to 40 billion USD", "85-90%", "12 and 13 March": the first number borrows what only the second states.
_SPAN = re.compile(r"^\s?(?:to|-|–|—)\s?$", re.IGNORECASE)
_RANGE_GAP = re.compile(r"^\s?(?:to|and|or|-|–|—)\s?$", re.IGNORECASE)


_REMEMBERED = 20_000
"""Texts whose numbers are remembered: those of the shelf are read in every answer that cites them."""


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of `text` in reading order; a date counts as one quantity, and so does a clock time.

    >>> [(q.value, q.unit) for q in quantities("$1.3 billion, or 87% longs, at 20x")]
    [(1300000000.0, 'usd'), (87.0, 'percent'), (20.0, 'multiple')]
    >>> [(q.value, q.unit) for q in quantities("thirty-two million dollars, minus 4 basis points")]
    [(32000000.0, 'usd'), (-0.04, 'percent')]
    """
    return _read(text)


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str) -> tuple[Quantity, ...]:
    dates = list(_dates(text))
    times = [
        _quantity(match, float(int(match["h"]) * 3600 + int(match["m"]) * 60), "time", 60.0)
        for match in _TIME.finditer(text)
        if not _overlaps(match.start(), match.end(), dates)
    ]
    taken = [*dates, *times]
    numbers = [_number(match) for match in _quantity_pattern().finditer(text) if _counts(match, taken)]
    return tuple(sorted([*taken, *_with_ranges(numbers, text)], key=lambda quantity: quantity.start))


def _counts(match: re.Match[str], taken: list[Quantity]) -> bool:
    """Whether the match is a number of its own; a word is one only with a scale or unit behind it ("two sides")."""
    if match["word"]:
        return match.end() > match.end("word")
    return not _overlaps(*match.span("number"), taken)


def _number(match: re.Match[str]) -> Quantity:
    digits = _PARTED.sub("", match["number"]) if match["number"] else f"{_in_digits(match['word']):g}"
    decimals = len(digits.partition(".")[2])
    scale = _SCALES.get((match["glued"] or match["scale"] or "").lower(), 1.0)
    sign = -1.0 if (match["sign"] or "").strip().lower() in {"-", "−", "minus"} else 1.0
    unit: Unit = "plain"
    if match["points"]:
        unit = "percent"
        scale /= 100
    elif match["percent"]:
        unit = "percent"
    elif match["multiple"]:
        unit = "multiple"
    elif match["usd"] or match["currency"] or match["currency2"]:
        unit = "usd"
    elif match["coin"]:
        unit = "coin"
    elif match["duration"] or match["short"]:
        unit = "duration"
        named = (match["duration"] or "").lower()
        scale *= _SECONDS[named] if named else _SHORT_DURATIONS[match["short"].lower()]
    return _quantity(match, sign * float(digits) * scale, unit, scale * 10.0**-decimals)


def _in_digits(word: str) -> float:
    *counted, last = re.split(r"[\s-]+", word.lower())
    if last in {"a", "an"}:
        return 0.5 if counted else 1.0
    if last == "hundred":
        return 100.0 * _WORDED.get(counted[0], 1.0)
    return sum(_WORDED[part] for part in [*counted, last])


def _with_ranges(numbers: list[Quantity], text: str) -> list[Quantity]:
    merged = list(numbers)
    for left, (first, second) in enumerate(pairwise(numbers)):
        gap = text[first.end : second.start]
        # "$1.2-1.5 billion": the unit stands before the first number, the scale behind the second.
        around = first.unit == "usd" and second.unit == "plain" and _SPAN.match(gap)
        if around:
            merged[left + 1] = second.model_copy(update={"unit": "usd"})
        if not around and (first.unit != "plain" or not _RANGE_GAP.match(gap)):
            continue
        borrowed = second.step / _own_step(second.text)
        stated = first.value if abs(first.value) >= borrowed else first.value * borrowed
        step = first.step if abs(first.value) >= borrowed else first.step * borrowed
        merged[left] = first.model_copy(update={"unit": merged[left + 1].unit, "value": stated, "step": step})
    return merged


def _own_step(text: str) -> float:
    digits = re.search(_NUMBER, text)
    return 10.0 ** -len(_PARTED.sub("", digits[0]).partition(".")[2]) if digits else 1.0


def _dates(text: str) -> list[Quantity]:
    found = []
    for match in _DATE.finditer(text):
        day = _iso(match)
        if day is None:
            continue
        # "may 12 percent" is no date: a month name that is also a verb needs a year or a capital letter.
        month = match["m1"] or match["m2"]
        if month and month in {"may", "march"} and not (match["y1"] or match["y2"]):
            continue
        found.append(_quantity(match, float(day.replace("-", "").ljust(8, "0")), "date", 1.0, day))
    return found


def _iso(match: re.Match[str]) -> str | None:
    """What the match states as ISO text; --MM-DD where no year is said; None if no such day exists."""
    if match["iso"]:
        return match["iso"] if _exists(match["iso"]) else None
    if match["y4"]:
        return match["y4"]
    month = month_number(match["m1"] or match["m2"] or match["m3"])
    if month is None:
        return None
    year = match["y1"] or match["y2"] or match["y3"]
    if match["m3"]:
        return f"{year}-{month:02d}"
    stated = f"{int(match['d1'] or match['d2']):02d}"
    if not _exists(f"{year or 2024}-{month:02d}-{stated}"):
        return None
    return f"{year}-{month:02d}-{stated}" if year else f"--{month:02d}-{stated}"


def _exists(iso: str) -> bool:
    try:
        date.fromisoformat(iso if len(iso) == len("2025-11-04") else f"{iso}-01")
    except ValueError:
        return False
    return True


def _quantity(match: re.Match[str], value: float, unit: Unit, step: float, day: str | None = None) -> Quantity:
    return Quantity(
        value=value,
        unit=unit,
        step=step,
        text=match[0].strip(),
        start=match.start(),
        end=match.end(),
        day=day,
    )


def _overlaps(start: int, end: int, taken: list[Quantity]) -> bool:
    return any(start < quantity.end and quantity.start < end for quantity in taken)
