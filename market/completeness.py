"""Says in one plain sentence how much of what a reading should stand on was there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from market.durations import age_text, interval_text
from market.numbers import moment_text
from market.series import Series

LOWER_BOUND = "lower bound: exchange liquidation streams are throttled"


def of_window(series: Series, window: timedelta, as_of: datetime, begins: datetime) -> str:
    """For a metric over a window; `series.rows` counts the rows in it, `begins` is when its source's first is known."""
    late = f"; stored rows begin within the window, at {moment_text(begins)}" if begins > as_of - window else ""
    if series.kind == "liquidations":
        return f"{LOWER_BOUND}{late}"
    if series.interval is None:
        return f"{series.rows:,} samples in the window{late}"
    expected = int(window / series.interval)
    candles = f"{interval_text(series.interval)} candles of the window"
    if series.rows >= expected:
        return f"all {expected:,} {candles} are present"
    return f"{expected - series.rows:,} of {expected:,} {candles} are missing"


def of_silences(silences: Mapping[str, timedelta]) -> str:
    """What to add for the venues whose streams were not heard all the time; nothing where all were."""
    if not silences:
        return ""
    told = ", ".join(f"{venue} for {age_text(silence)}" for venue, silence in sorted(silences.items()))
    return f"; not heard in the window: {told}"


def of_ends(series: Series, as_of: datetime) -> str:
    """For a metric over the two ends of a window."""
    return f"both ends of the window are known; {of_moment(series, as_of)}"


def of_moment(series: Series, as_of: datetime) -> str:
    """For a metric that stands on the newest row."""
    if series.kind == "sentiment":
        return f"newest daily value, known since {moment_text(series.last)}"
    what = f"newest {interval_text(series.interval)} candle" if series.interval else "newest value"
    age = as_of - series.last
    if age <= series.lag:
        return f"{what}, known since {moment_text(series.last)}"
    return f"{what}, known since {moment_text(series.last)}, {age_text(age)} before the as-of time"


def of_history(parts: Sequence[Series]) -> str:
    """For a metric over all of a source's candles; `parts` are its intervals up to the as-of moment."""
    told = [_part(part) for part in sorted(parts, key=lambda part: part.interval or timedelta(0))]
    return f"stored history only: {' and '.join(told)}"


def _part(part: Series) -> str:
    interval = part.interval or timedelta(0)
    first, last = moment_text(part.first - interval), moment_text(part.last)
    if part.rows == 1:
        return f"one {interval_text(interval)} candle of {first}"
    return f"{part.rows:,} {interval_text(interval)} candles from {first} to {last}"
