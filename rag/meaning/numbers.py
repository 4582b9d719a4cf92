"""Whether two stated numbers are the same fact: value within the digits stated, unit, sign and magnitude."""

from collections.abc import Sequence

from rag.quantities import Quantity

_BARE = frozenset({"plain", "count", "coin"})


def same_quantity(want: Quantity, have: Quantity) -> bool:
    """Whether `have` states what `want` demands.

    Either side may be rounded to the digits it states: "19.16 billion" is found for "19 billion" and the
    reverse. Sign, unit and magnitude are never forgiven; a demanded bare number accepts USD, since tables
    leave the unit to their heading, but percent and multiples must be named. A date is found in the same
    date; a demanded month or year also in a day within it.
    """
    if want.day is not None or have.day is not None:
        return _same_day(want.day, have.day)
    if want.unit != have.unit and not (want.unit in _BARE and have.unit in _BARE | {"usd"}):
        return False
    return abs(want.value - have.value) <= max(want.step, have.step) / 2 * (1 + 1e-9)


def all_stated(wanted: Sequence[Quantity], stated: Sequence[Quantity]) -> bool:
    """Whether each of `wanted` is among `stated`."""
    return all(any(same_quantity(want, have) for have in stated) for want in wanted)


def _same_day(want: str | None, have: str | None) -> bool:
    if want is None or have is None:
        return False
    if want.startswith("--") or have.startswith("--"):
        return have.endswith(want.lstrip("-")) or want.endswith(have.lstrip("-"))
    return have.startswith(want)
