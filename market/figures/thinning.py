"""Which of many points a line is drawn through: peaks and troughs are kept, and a gap in the data stays a gap."""

from collections.abc import Sequence
from datetime import datetime, timedelta

MOST = 1_500
"""More points than a screen has columns only make the page slow."""


def kept(
    times: Sequence[datetime], lines: Sequence[Sequence[float]], step: timedelta | None = None, most: int = MOST
) -> list[int | None]:
    """Positions to draw, in order; None breaks the line where points lie more than one and a half `step` apart.

    Of each stretch the first point and the lowest and highest of every line stay, so that no extreme is lost.
    """
    stretch = max(1, -(-len(times) // (most // (2 * len(lines) + 1)))) if len(times) > most else 1
    found: list[int | None] = []
    for begins in range(0, len(times), stretch):
        inside = range(begins, min(begins + stretch, len(times)))
        picked = {begins}
        for line in lines:
            picked |= {min(inside, key=line.__getitem__), max(inside, key=line.__getitem__)}
        found += sorted(picked)
    if times and found[-1] != len(times) - 1:
        found.append(len(times) - 1)
    return _broken(found, times, step)


def _broken(found: Sequence[int | None], times: Sequence[datetime], step: timedelta | None) -> list[int | None]:
    if step is None:
        return list(found)
    gaps = {at for at in range(1, len(times)) if times[at] - times[at - 1] > 1.5 * step}
    broken: list[int | None] = []
    before = 0
    for at in found:
        if at is None:
            continue
        if any(gap in gaps for gap in range(before + 1, at + 1)):
            broken.append(None)
        broken.append(at)
        before = at
    return broken
