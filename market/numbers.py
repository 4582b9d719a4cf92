"""Numbers and moments as they stand in formulas: exact enough to compute with, short enough to read."""

from datetime import datetime


def price_text(value: float) -> str:
    """A price in USD: two decimals from 1 USD on, five significant digits below.

    >>> price_text(101500.0), price_text(0.163214)
    ('101,500.00', '0.16321')
    """
    return f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:.5g}"


def plain_text(value: float) -> str:
    """Any number with up to ten significant digits and thousands separators.

    >>> plain_text(10.0), plain_text(0.005), plain_text(1234567.5)
    ('10', '0.005', '1,234,567.5')
    """
    text = f"{value:,.10f}".rstrip("0").rstrip(".") if abs(value) >= 1e-4 else f"{value:.6g}"
    return text or "0"


def moment_text(moment: datetime) -> str:
    """A moment in UTC, to the minute or, where it has seconds, to the second.

    >>> moment_text(datetime(2025, 11, 4, 21, 35))
    '2025-11-04T21:35Z'
    """
    return f"{moment:%Y-%m-%dT%H:%MZ}" if moment.second == 0 else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
