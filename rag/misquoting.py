"""Notices that a question gives a crash a number far from everything published about it; says none of them itself."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from knowledge.figures import Event, Figure
from rag.premises import is_negated
from rag.quantities import Quantity, Unit, quantities
from rag.verifying.bounds import bound_of

_FELL = (
    r"(?:fell|fall(?:s|en|ing)?|drop(?:s|ped|ping)?|crash(?:es|ed|ing)?|plunge[ds]?|tank(?:ed|s)?|dump(?:ed|s)?|lost"
    r"|los(?:e|es|ing)|sank|slid|collapsed|plummet\w*|tumbled|went|go(?:es)?)"
)
_HEDGE = (
    r"(?:(?:by|down|about|around|over|nearly|almost|more than|roughly|a|an|some|as low as|all the way|to|under|below)"
    r"\s+)*"
)
_ADVERB = r"(?:(?:had|has|have|just|really|suddenly|even|briefly|price|prices|['’]?s|only)\s+)*"
_BITCOIN, _ETHER = r"\b(?:btc|bitcoins?)\b['’]?\s*", r"\b(?:eth|ether|ethereum)\b['’]?\s*"
_MARKET = r"\b(?:crypto|market)(?:\s+(?:market|cap(?:itali[sz]ation)?|value))*\s+"
_LIQUIDATED = r"(?:liquidat\w+|wiped? ?out|wipeout|rekt)"
_SENTENCE = re.compile(r"(?<=[.?!;])\s+")
_NARROWER = re.compile(
    r"\b(?:longs?|shorts?|btc|bitcoin|eth|ether|altcoins?|hours?|minutes?|mins?|defi|binance|bybit|okx|bitmex|hyperliquid"
    r"|on[- ]chain|early|first|realised|realized)\b",
    re.IGNORECASE,
)
"""Asks for a part of the total, which is smaller."""
_NOT_OF_THE_CRASH = re.compile(
    r"\b(?:if|would|could|might|will|suppose|imagine|scenario|compar\w*|vs\.?|versus"
    r"|(?:bigger|larger|smaller|deeper|worse) than|later|until|then|afterwards?|months?|weeks?|years?|ath|all[- ]time"
    r"|(?:from|below|off) (?:its|the|an?) \w*\s*(?:high|peak|top)|average\w*"
    r"|i (?:lost|had|was|got|held)|my|margin|leverage)\b|(?<!^)\b(?<!and )after\b",
    re.IGNORECASE,
)
"""Supposed, compared, over a longer time or of one's own: nothing that the figures of the crash speak against."""


@dataclass(frozen=True)
class _Kind:
    """How a number is said (`before` it, `after` it), and from where on published figures speak against it."""

    family: str
    unit: Unit
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    quantities: re.Pattern[str]
    too_much: Callable[[Sequence[float]], float] | None = None
    too_little: Callable[[Sequence[float]], float] | None = None
    narrows: bool = False
    least: float = 1e3
    """A bare number under this counts something else."""


def _before(words: str) -> re.Pattern[str]:
    return re.compile(rf"{words}$", re.IGNORECASE)


def _after(words: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*{words}", re.IGNORECASE)


def _far_deeper(falls: Sequence[float]) -> float:
    # Some falls are published for minutes only, and the day's is deeper; a fall of a half cannot be doubled.
    deepest = max(falls)
    return min(2 * deepest + 5, (deepest + 100) / 2)


def _far_lower(lows: Sequence[float]) -> float:
    return 0.85 * min(lows)


def _far_more(totals: Sequence[float]) -> float:
    return 1.5 * max(totals)


def _far_fewer(totals: Sequence[float]) -> float:
    return 0.5 * min(totals)


def _fall(family: str, asset: str, quantity: str) -> _Kind:
    return _Kind(
        family,
        "percent",
        _before(rf"{asset}{_ADVERB}{_FELL}\s+{_HEDGE}"),
        None,
        re.compile(rf"^{quantity}$"),
        _far_deeper,
    )


def _low(family: str, asset: str, quantity: str) -> _Kind:
    to = rf"{asset}{_ADVERB}{_FELL}\s+(?:\w+\s+){{0,2}}(?:to|under|below|as low as)\s+{_HEDGE}"
    return _Kind(family, "usd", _before(to), None, re.compile(rf"^{quantity}$"), too_little=_far_lower)


_KINDS = (
    _fall("bitcoin_fall", _BITCOIN, "btc_drop_pct"),
    _fall("ether_fall", _ETHER, "eth_drop_pct"),
    _low("bitcoin_low", _BITCOIN, "btc_low_usd"),
    _low("ether_low", _ETHER, "eth_low_usd"),
    _Kind(
        "market_value",
        "usd",
        _before(rf"{_MARKET}{_ADVERB}{_FELL}\s+{_HEDGE}"),
        None,
        re.compile("^market_cap_drop_usd$"),
        _far_more,
        least=1e6,
    ),
    _Kind(
        "traders",
        "count",
        None,
        _after(rf"(?:traders|accounts|people)\s+(?:\w+\s+){{0,2}}{_LIQUIDATED}"),
        re.compile("^traders_liquidated$"),
        _far_more,
        _far_fewer,
        narrows=True,
    ),
    _Kind(
        "liquidations",
        "usd",
        _before(rf"{_LIQUIDATED}\s+(?:(?:was|were|of|for|worth|total(?:ed|led|s)?|reached)\s+)*{_HEDGE}"),
        _after(rf"(?:(?:in|of|worth|was|were|got|been|being|is|are|positions|leverage[d]?)\s+)*{_LIQUIDATED}"),
        re.compile(r"^liquidations_usd_(?:24h|48h|event)(?:_estimate_\w+)?$"),
        _far_more,
        _far_fewer,
        narrows=True,
        least=1e6,
    ),
)


@dataclass(frozen=True)
class Misquoted:
    """A crash, and the family of its figures that a number contradicts."""

    event: Event
    family: str


def misquoted(text: str, event: Event) -> Misquoted | None:
    """What a number of `text` contradicts, or None: it lies far outside all that was published.

    Only what cannot be a part of the whole is taken for wrong: whoever says that bitcoin fell 5% is right on a day when
    it fell 15%.
    """
    for sentence in _SENTENCE.split(text):
        if is_negated(sentence) or _NOT_OF_THE_CRASH.search(sentence) or _of_longer(sentence, event):
            continue
        for quantity, kind in product(quantities(sentence), _KINDS):
            if _says(kind, sentence, quantity) and _contradicted(kind, sentence, quantity, event.shown):
                return Misquoted(event, kind.family)
    return None


def _of_longer(sentence: str, event: Event) -> bool:
    """Whether `sentence` names a year, or a month that is not the crash's: its number may be of that."""
    months = {event.start.isoformat()[:7], event.end.isoformat()[:7]}
    stated = [quantity.day for quantity in quantities(sentence) if quantity.day and quantity.day[0] != "-"]
    return any(len(day) < len("2025-11-04") and day not in months for day in stated)


def _says(kind: _Kind, text: str, quantity: Quantity) -> bool:
    bare = quantity.unit == "plain" and kind.unit in {"usd", "count"} and quantity.value >= kind.least
    before = kind.before is not None and kind.before.search(text[: quantity.start])
    after = kind.after is not None and kind.after.search(text[quantity.end :])
    return (quantity.unit == kind.unit or bare) and bool(before or after)


def _contradicted(kind: _Kind, text: str, quantity: Quantity, figures: Sequence[Figure]) -> bool:
    published = [figure.value for figure in figures if kind.quantities.search(figure.quantity)]
    if not published:
        return False
    bound, value = bound_of(text, quantity), abs(quantity.value)
    if kind.too_much and value > kind.too_much(published):
        return bound not in {"under", "at_most"}
    if kind.too_little and value < kind.too_little(published):
        return bound not in {"over", "at_least"} and not (kind.narrows and _NARROWER.search(text))
    return False
