"""Writes what streams heard: liquidations, gaps and the streams' states, each batch in one transaction."""

from collections.abc import Mapping, Sequence

from market.feeds.gaps import Gap
from market.feeds.liquidation import Liquidation
from market.feeds.states import FeedState, write_states
from market.series import stored
from market.store import AnyStore
from market.tables import TABLES
from market.writing import Merged

SOURCE = "exchange liquidation streams"
"""One source for all venues, so that totals add them up; each row names its venue."""


def keep(store: AnyStore, rows: Sequence[Liquidation], gaps: Sequence[Gap], states: Sequence[FeedState]) -> Merged:
    """Merges all of it as live data; order and repetition do not matter. Says what became of `rows`."""
    key = TABLES["liquidations"].key
    kept: dict[tuple[object, ...], Mapping[str, object]] = {}
    for row in map(_liquidation, rows):
        # The first telling of a row stays: it was received then.
        kept.setdefault(tuple(row[name] for name in key), row)
    with store.staging() as staging:
        merged = staging.merge_rows("liquidations", list(kept.values()))
        # The last telling of a gap stays: something was fetched of it meanwhile.
        staging.merge_rows("stream_gaps", list({(gap.exchange, gap.begins): _gap(gap) for gap in gaps}.values()))
        write_states(staging, states)
    return merged


def _liquidation(row: Liquidation) -> Mapping[str, object]:
    return {
        "mode": "live",
        "source": SOURCE,
        "asset": row.asset,
        "exchange": row.exchange,
        "symbol": row.symbol,
        "side": row.side,
        "ts_utc": stored(row.at),
        "price": row.price,
        "quantity": row.quantity,
        "usd": row.usd,
        "received_utc": stored(row.received),
    }


def _gap(gap: Gap) -> Mapping[str, object]:
    return {
        "exchange": gap.exchange,
        "begins_utc": stored(gap.begins),
        "ends_utc": stored(gap.ends),
        "backfilled": ",".join(gap.backfilled),
    }
