"""Amounts and moments as figures and their descriptions say them; exact values stand in the readings."""

from datetime import UTC, datetime, timedelta

from market.numbers import price_text
from market.reading import Mode

_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_ORIGINS: dict[Mode, str] = {
    "live": "Live data: {source}",
    "imported": "Imported data: {source}",
    "reconstruction": "{source}, not exchange data",
}


def usd(value: float) -> str:
    """An amount rounded for reading.

    >>> usd(1_302_500_000), usd(-0.5), usd(101_500.0)
    ('1.30 billion USD', '-0.5 USD', '101,500.00 USD')
    """
    for scale, word in _LARGE:
        if abs(value) >= scale:
            return f"{value / scale:,.2f} {word} USD"
    return f"{price_text(value)} USD"


def rate(value: float) -> str:
    """A small fraction as a percentage.

    >>> rate(0.0001), rate(-0.0000123)
    ('0.01%', '-0.00123%')
    """
    return f"{value * 100:.3g}%"


def moment(at: datetime) -> str:
    """
    >>> moment(datetime(2025, 11, 4, 21, 35, tzinfo=UTC))
    '4 Nov 2025 21:35 UTC'
    """
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y %H:%M} UTC"


def days(begins: datetime, ends: datetime) -> str:
    """Whole days in UTC, of which `ends` is no more part.

    >>> days(datetime(2022, 11, 8, tzinfo=UTC), datetime(2022, 11, 10, tzinfo=UTC))
    '8 Nov 2022 to 9 Nov 2022'
    >>> days(datetime(2022, 11, 8, tzinfo=UTC), datetime(2022, 11, 9, tzinfo=UTC))
    '8 Nov 2022'
    """
    first, last = begins.astimezone(UTC), ends.astimezone(UTC) - timedelta(days=1)
    told = [f"{day.day} {day:%b %Y}" for day in (first, last)]
    return " to ".join(dict.fromkeys(told))


def origin(mode: Mode, source: str) -> str:
    """What data a figure shows, so that nobody takes generated data for an exchange's.

    >>> origin("reconstruction", "reconstruction of 4 November 2025")
    'Reconstruction of 4 November 2025, not exchange data'
    """
    said = _ORIGINS[mode].format(source=source)
    return said[:1].upper() + said[1:]
