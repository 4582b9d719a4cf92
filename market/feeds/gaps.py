"""When the streams were not heard: what was written down of their breaks, and what is silent until now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from market.feeds.states import read_states
from market.series import aware
from market.store import AnyStore
from market.tables import record

_QUIET = timedelta(minutes=5)
"""Every venue sends a sign of life more often than this, also where nobody is liquidated."""


@dataclass(frozen=True)
class Gap:
    """A time in which a venue's stream was not heard; rows of `backfilled` assets were fetched afterwards."""

    exchange: str
    begins: datetime
    ends: datetime
    backfilled: tuple[str, ...] = ()


def silences(store: AnyStore, since: datetime, until: datetime, asset: str | None) -> Mapping[str, timedelta]:
    """For each venue that was not heard all the time from `since` to `until`: for how long.

    What was fetched afterwards of `asset` counts as heard; None asks for all assets.
    """
    found: dict[str, timedelta] = {}
    for gap in (*read_gaps(store), *_open_gaps(store, until)):
        missed = min(gap.ends, until) - max(gap.begins, since)
        if missed > timedelta(0) and asset not in gap.backfilled:
            found[gap.exchange] = min(found.get(gap.exchange, timedelta(0)) + missed, until - since)
    return found


def read_gaps(store: AnyStore) -> list[Gap]:
    """Every gap that was written down, in the order they began."""
    rows = store.rows(("gaps",), lambda: record("stream_gaps").order_by("begins_utc", "exchange"), {})
    return [
        Gap(
            exchange=str(row["exchange"]),
            begins=aware(row["begins_utc"]),
            ends=aware(row["ends_utc"]),
            backfilled=tuple(str(row["backfilled"]).split(",")) if row["backfilled"] else (),
        )
        for row in rows
    ]


def _open_gaps(store: AnyStore, until: datetime) -> list[Gap]:
    """Of streams that were heard before and are silent at `until`; their gap is written down once they are heard."""
    return [
        Gap(state.source or state.name, state.answered, until)
        for state in read_states(store).values()
        if state.kind == "liquidations" and state.answered is not None and until - state.answered > _QUIET
    ]
