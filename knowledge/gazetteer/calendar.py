"""Months and weekdays as they are written out and cut short; the one list of the house."""

MONTHS: tuple[str, ...] = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS: tuple[str, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_PATTERN = "|".join(name.lower() for name in MONTHS)
"""Alternatives of a pattern that ignores case: full names only."""
SHORT_MONTHS: tuple[str, ...] = (*(name[:3] for name in MONTHS), "Sept")
SPOKEN_MONTH_PATTERN = "|".join(name.lower() for name in (*MONTHS, *SHORT_MONTHS))
"""As MONTH_PATTERN, with abbreviations."""


def month_number(name: str) -> int | None:
    """1 to 12 of a month written out or cut short, in any case; None for any other word.

    >>> month_number("Sept"), month_number("march"), month_number("marching")
    (9, 3, None)
    """
    return _NUMBERS.get(name.lower().rstrip("."))


_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, start=1)}
_NUMBERS |= {name[:3]: number for name, number in _NUMBERS.items()} | {"sept": 9}
