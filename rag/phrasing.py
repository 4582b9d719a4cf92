"""Numbers, moments and windows as people read them; exact values stay in the receipts."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from knowledge.figures import Figure
from knowledge.gazetteer.calendar import MONTHS
from market.reading import Reading

_NAMES = ("Ethereum", "Fear and Greed")
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def usd(value: float) -> str:
    """`value` USD rounded for reading.

    >>> usd(19_160_000_000), usd(101_512.37), usd(0.4213)
    ('19.16 billion USD', '101,512 USD', '0.4213 USD')
    """
    sign, size = ("-" if value < 0 else ""), abs(value)
    for scale, word in _LARGE:
        if size >= scale * 0.99995:
            return f"{sign}{_trimmed(size / scale, 2)} {word} USD"
    if size >= 1_000:
        return f"{sign}{size:,.0f} USD"
    if size >= 1 or size == 0:
        return f"{sign}{_trimmed(size, 2)} USD"
    return f"{sign}{size:.4g} USD"


def percent(value: float) -> str:
    """`value` percent with one decimal, more where one would hide it.

    >>> percent(18.6), percent(0.012), percent(50.0)
    ('18.6%', '0.012%', '50%')
    """
    if value != 0 and abs(value) < 1:
        return f"{value:.3g}%"
    return f"{_trimmed(value, 2 if abs(value) < 10 else 1)}%"


def amount(value: float, unit: str) -> str:
    """`value` in `unit` as the market and the figures name units; unknown units are written out."""
    said = _SAID.get(unit)
    return said(value) if said else f"{_trimmed(value, 4)} {unit}"


def reading_value(reading: Reading) -> str:
    return amount(reading.value, reading.unit) if isinstance(reading.value, float) else str(reading.value)


def figure_value(figure: Figure) -> str:
    return amount(figure.value, figure.unit)


def hedged(figure: Figure) -> str:
    """The value of a figure, as sure as its publisher is of it."""
    value = figure_value(figure)
    if "lower bound" in figure.note:
        return f"at least {value}"
    return f"about {value}" if figure.approximate or "approximate" in figure.note else value


def figure_note(figure: Figure) -> str:
    """Window, scope and the publisher's own remark, as one parenthesis."""
    parts = [figure.window, figure.scope, figure.venue, figure.note]
    kept = list(dict.fromkeys(part for part in parts if part))
    return "; ".join(kept) or "window not stated"


def moment_in_words(moment: datetime) -> str:
    """`5 November 2025, 00:00 UTC`."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {MONTHS[utc.month - 1]} {utc.year}, {utc:%H:%M} UTC"


def day_in_words(iso: str) -> str:
    """`4 November 2025` from 2025-11-04, `November 2025` from 2025-11, `2025` from 2025."""
    year, *rest = iso.split("-")
    month = [MONTHS[int(rest[0]) - 1]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*day, *month, year])


def days_in_words(start: date, end: date) -> str:
    """When something happened, as a verb of time.

    >>> days_in_words(date(2022, 11, 8), date(2022, 11, 10)), days_in_words(date(2021, 5, 19), date(2021, 5, 19))
    ('ran from 8 to 10 November 2022', 'came on 19 May 2021')
    """
    if start == end:
        return f"came on {day_in_words(start.isoformat())}"
    same_month = (start.year, start.month) == (end.year, end.month)
    first = str(start.day) if same_month else day_in_words(start.isoformat())
    return f"ran from {first} to {day_in_words(end.isoformat())}"


def window_in_words(window: str) -> str:
    """`24 hours` from 24h, `7 days` from 7d, `30 minutes` from 30m."""
    units = {"h": "hour", "d": "day", "m": "minute", "s": "second", "w": "week"}
    count, unit = window[:-1], window[-1:]
    if not count.isdigit() or unit not in units:
        return window
    return f"{count} {units[unit]}{'' if count == '1' else 's'}"


def in_a_sentence(label: str) -> str:
    """A label inside a sentence: a name keeps its capital.

    >>> in_a_sentence("Market value lost"), in_a_sentence("Ethereum low"), in_a_sentence("UST low")
    ('market value lost', 'Ethereum low', 'UST low')
    """
    return label if label[1:2].isupper() or label.startswith(_NAMES) else f"{label[0].lower()}{label[1:]}"


def joined(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _trimmed(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_SAID: dict[str, Callable[[float], str]] = {
    "USD": usd,
    "fraction": lambda value: percent(value * 100),
    "pct": percent,
    "index_0_100": lambda value: f"{value:g}",
    "index": lambda value: f"{value:g}",
    "count": lambda value: f"{value:,.0f}",
    "x": lambda value: f"{_trimmed(value, 2)}x",
    "ratio": lambda value: _trimmed(value, 4),
}
