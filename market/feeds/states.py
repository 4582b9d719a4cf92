"""How each feed is doing, kept in the store, so that whoever opens it can say which data are live and which are not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict

from market.series import aware, stored
from market.store import AnyStore
from market.tables import Kind, record
from market.writing import Staging

State = Literal["ok", "failing", "stopped"]


class FeedState(BaseModel):
    """What was last heard of a feed.

    `checked` is when it was last asked, `answered` when it last gave an answer (of a stream: when anything was last
    heard), `newest` when its newest row became known, `source` who gave it; `error` is why the last attempt failed.
    `malformed` counts the messages of a stream that could not be understood.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    kind: Kind
    asset: str | None
    source: str | None
    checked: datetime
    answered: datetime | None
    newest: datetime | None
    error: str | None = None
    malformed: int = 0


class FeedStatus(BaseModel):
    """A feed as shown: its state as of now, and how old its newest row is."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: Kind
    asset: str | None
    source: str | None
    state: State
    latest: datetime | None
    age_seconds: float | None
    checked: datetime
    error: str | None
    malformed: int

    @classmethod
    def of(cls, state: FeedState, now: datetime, stale_after: timedelta) -> "FeedStatus":
        """`failing` with an error, `stopped` where nobody has asked for so long that its rows are stale, else `ok`."""
        stopped = now - state.checked > stale_after
        return cls(
            name=state.name,
            kind=state.kind,
            asset=state.asset,
            source=state.source,
            state="failing" if state.error else "stopped" if stopped else "ok",
            latest=state.newest,
            age_seconds=(now - state.newest).total_seconds() if state.newest else None,
            checked=state.checked,
            error=state.error,
            malformed=state.malformed,
        )


def read_states(store: AnyStore) -> dict[str, FeedState]:
    """The state of every feed that was ever asked, by name."""
    rows = store.rows(("feed states",), lambda: record("feed_states").order_by("name"), {})
    found = {}
    for row in rows:
        moments = {name: row[f"{name}_utc"] for name in ("checked", "answered", "newest")}
        told = {name: None if moment is None else aware(moment) for name, moment in moments.items()}
        found[cast("str", row["name"])] = FeedState.model_validate({**row, **told})
    return found


def write_states(staging: Staging, states: Sequence[FeedState]) -> None:
    """Keeps `states`, inside the caller's transaction."""
    rows = []
    for state in states:
        moments = {"checked_utc": state.checked, "answered_utc": state.answered, "newest_utc": state.newest}
        told = {name: None if moment is None else stored(moment) for name, moment in moments.items()}
        rows.append({**state.model_dump(), **told})
    staging.merge_rows("feed_states", rows)
