"""Reads from grammar what a question wants of a quantity: superlatives, comparatives, question words and units."""

import re
from collections.abc import Iterable

from rag.frame import Aggregate, By, Side, Unit
from rag.published.query import Degree, Threshold
from rag.quantities import quantities
from rag.verifying.bounds import bound_of


def _any_of(words: Iterable[str]) -> str:
    return rf"(?:{'|'.join(words)})"


# Adjectives of size, with their comparatives and superlatives; those of less and those of more.
_LEAST = _any_of(
    [
        "least",
        "fewest",
        "smallest",
        "lowest",
        "shortest",
        "shallowest",
        "mildest",
        "lightest",
        "slowest",
        "gentlest",
        "tiniest",
    ]
)
_MOST = _any_of(
    [
        "most",
        "biggest",
        "largest",
        "highest",
        "longest",
        "deepest",
        "greatest",
        "worst",
        "hardest",
        "heaviest",
        "steepest",
        "sharpest",
        "fastest",
        "quickest",
        "furthest",
        "farthest",
        "hugest",
        "nastiest",
        "ugliest",
        "bloodiest",
        "severest",
        "broadest",
        "strongest",
        "record",
        "latest",
    ]
)
_LESS = _any_of(["less", "fewer", "smaller", "lower", "shorter", "shallower", "milder", "lighter", "slower"])
_MORE = _any_of(
    [
        "more",
        "bigger",
        "larger",
        "higher",
        "longer",
        "deeper",
        "greater",
        "worse",
        "harder",
        "heavier",
        "steeper",
        "sharper",
        "faster",
        "quicker",
        "further",
        "farther",
    ]
)
_NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_SMALL = rf"(?:\d{{1,2}}|{_any_of(_NUMBER_WORDS)})"

_SUPERLATIVE = re.compile(rf"\b(?P<less>{_LEAST})\b|\b(?P<more>{_MOST})\b", re.IGNORECASE)
_THAN = re.compile(rf"\b(?:(?P<less>{_LESS})|(?P<more>{_MORE}))\b(?=[^.?!;]*\bthan\b(?!\s+[$\d]))", re.IGNORECASE)
_COMPARATIVE = re.compile(rf"\b(?P<less>{_LESS})\b|\b(?P<more>{_MORE})\b(?!\s+than\s+[$\d])", re.IGNORECASE)
_TOP = re.compile(
    rf"\btop[\s-]?(?P<top>{_SMALL})\b|\b(?P<first>{_SMALL})\s+(?:{_MOST}|{_LEAST})\b"
    rf"|\b(?:{_MOST}|{_LEAST})\s+(?P<after>{_SMALL})\b",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"\b(?:rank\w*|leaderboard|in order of|(?:order|sort|list)\b[^.?!]*\bby|in (?:ascending|descending) order"
    r"|from (?:the )?\w+ to (?:the )?(?:least|most|best|worst|smallest|biggest|largest))\b|\btop\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    rf"\bdifference\b|\bgap between\b|\bhow (?:much|many)\b[^.?!]*?\b(?:{_MORE}|{_LESS})\b(?=[^.?!]*\bthan\b)"
    r"|\bby how (?:much|many)\b[^.?!]*\bthan\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:share|proportion|fraction|portion)\b|^\W*(?:percent\w*|%) of\b|\bratio of\b"
    r"|\b(?:what|which|how (?:much|many)|how big a) (?:percent\w*|part)\b[^.?!]*?\b(?:of|were|was)\b"
    r"|\bhow (?:much|many) of (?:it|that|them|the|this|those)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\bhow long\b(?! ago)|\bduration\b|\bhow many (?:seconds|minutes|hours|days|weeks|months)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\bwhen(?:['’]?s|\s+(?:exactly|precisely))?\s+(?:was|were|did|does|do|is|has|had|the)\b|\bwhen['’]s\b"
    r"|\b(?:what|which)(?: exact)? (?:day|date|month|year|time|weekday)\b|\b(?:on|at) (?:what|which)\b"
    r"|\bdates? (?:of|when)\b|^\W*when\W*$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\bhow many\b(?:\s+\w+){0,2}?\s*\b(?:times|crashes|cascades|collapses|events|days (?:had|saw|with|were))\b"
    r"|\bhow often\b|\bnumber of (?:times|crashes|cascades|events)\b",
    re.IGNORECASE,
)

_CRASH = r"(?:crash|cascade|collapse|event|day|disaster|wipe-?out|sell-?off|meltdown|flush)"

_BY: tuple[tuple[By, re.Pattern[str]], ...] = (
    (
        "side",
        re.compile(
            r"\b(?:longs?|shorts?)\s*(?:or|vs\.?|versus|and|/)\s*(?:the\s+)?(?:longs?|shorts?)\b"
            r"|\b(?:which|what) side\b",
            re.I,
        ),
    ),
    (
        "venue",
        re.compile(r"\b(?:which|what|whose|per|by|each|every)\s+(?:\w+\s+)?(?:exchanges?|venues?|platforms?)\b", re.I),
    ),
    (
        "asset",
        re.compile(
            r"\b(?:which|what|per|by|each)\s+(?:of\s+the\s+)?(?:\w+\s+)?"
            r"(?:coins?|tokens?|assets?|cryptos?|altcoins?|alts?)\b",
            re.I,
        ),
    ),
    (
        "event",
        re.compile(
            rf"\b(?:which|what|per|by|each|every|all|any)\s+(?:other\s+|single\s+)?{_CRASH}s?\b"
            rf"|(?<!many )\b{_CRASH}(?:e?s)\b"
            rf"|\b(?:{_MOST}|{_LEAST})\s+(?:[\w-]+\s+){{0,3}}{_CRASH}\b|\bwhich one\b"
            r"|\b(?:ever|of all time|in history|on record|all[- ]time)\b",
            re.I,
        ),
    ),
)
_LONG = re.compile(r"\blongs\b|\blong (?:positions?|side|liquidations?|traders?)\b", re.IGNORECASE)
_SHORT = re.compile(r"\bshorts\b|\bshort (?:positions?|side|sellers?|liquidations?|traders?)\b", re.IGNORECASE)
_UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    (
        "percent",
        re.compile(r"(?<![\d.])(?<!\d )(?:%|\bper\s?cent\b|\bpercentages?\b|\bpercentage-wise\b|\bpct\b)", re.I),
    ),
    (
        "dollars",
        re.compile(
            r"(?<!\d )\b(?:dollars?|usd|bucks)\b|\$(?!\s?\d)|\bhow much money\b|\bhow many (?:billions?|millions?)\b",
            re.I,
        ),
    ),
    (
        "coins",
        re.compile(r"\bhow many (?:btc|bitcoins?|eth|ether|coins)\b|\bin (?:btc|bitcoins?|eth|ether|coins)\b", re.I),
    ),
)
_EARLIER = re.compile(r"\b(?:first|earliest|oldest)\b", re.IGNORECASE)


def aggregate_of(text: str) -> Aggregate:
    """What is wanted of a quantity.

    >>> [aggregate_of(said) for said in ("top 3 crashes", "how long did it last", "how much got liquidated")]
    ['rank', 'duration', 'value']
    >>> [aggregate_of(said) for said in ("the fewest traders", "which fell more", "when was it", "difference between")]
    ['min', 'max', 'when', 'difference']
    """
    asked: tuple[tuple[Aggregate, tuple[re.Pattern[str], ...]], ...] = (
        ("count", (_COUNT,)),
        ("difference", (_DIFFERENCE,)),
        ("rank", (_RANK, _TOP)),
        ("share", (_SHARE,)),
    )
    first = next((name for name, patterns in asked if any(one.search(text) for one in patterns)), None)
    if first is not None:
        return first
    found = _SUPERLATIVE.search(text) or _THAN.search(text) or (_comparative(text) if _asks_which(text) else None)
    if found:
        return "min" if found["less"] else "max"
    if _DURATION.search(text):
        return "duration"
    return "when" if _WHEN.search(text) else "value"


def by_of(text: str) -> By | None:
    """Over what a ranking or a maximum goes.

    >>> by_of("which exchange had most"), by_of("longs or shorts"), by_of("biggest day ever"), by_of("how low")
    ('venue', 'side', 'event', None)
    """
    return next((by for by, words in _BY if words.search(text)), None)


def side_of(text: str) -> Side | None:
    """The side a question is limited to; None where it names both or neither."""
    long, short = bool(_LONG.search(text)), bool(_SHORT.search(text))
    return None if long == short else "long" if long else "short"


def unit_of(text: str) -> Unit | None:
    """The unit that a question wants; that of a number which it states does not count."""
    return next((unit for unit, words in _UNITS if words.search(text)), None)


def degree_of(text: str) -> Degree | None:
    """Whether what is named first is held to have more or less than what is named second.

    >>> degree_of("was FTX bigger than Terra"), degree_of("did eth fall less than btc"), degree_of("how low")
    ('more', 'less', None)
    """
    found = _comparative(text) or _SUPERLATIVE.search(text)
    return None if found is None else "less" if found["less"] else "more"


def top_of(text: str) -> int | None:
    """How many a question wants of an order: 3 of "the top three"."""
    found = _TOP.search(text)
    if found is None:
        return None
    word = (found["top"] or found["first"] or found["after"]).lower()
    return _NUMBER_WORDS.get(word) or int(word) or None


def is_earliest(text: str) -> bool:
    """Whether the first in time is wanted."""
    return _EARLIER.search(text) is not None


def threshold_of(text: str) -> Threshold | None:
    """The number of `text` that figures are to be more or less than; None where none is bounded.

    >>> threshold_of("did bitcoin fall more than 20%?")
    Threshold(degree='more', value=20.0, unit='percent')
    """
    for quantity in quantities(text):
        bound = bound_of(text, quantity)
        if quantity.day is None and bound in {"over", "at_least"}:
            return Threshold("more", quantity.value, quantity.unit)
        if quantity.day is None and bound in {"under", "at_most"}:
            return Threshold("less", quantity.value, quantity.unit)
    return None


def _comparative(text: str) -> re.Match[str] | None:
    return _COMPARATIVE.search(text)


def _asks_which(text: str) -> bool:
    return re.search(r"\b(?:which|who|what|or|vs\.?|versus)\b", text, re.IGNORECASE) is not None
