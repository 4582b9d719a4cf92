"""The door of the market room: readings, their status and the rows behind the figures."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, cast

from market.behind import Behind
from market.clock import Clock
from market.durations import duration_text
from market.errors import InvalidInput, MarketError, StoreBusy, UnknownMetric
from market.feeds.states import FeedStatus, read_states
from market.feeds.venues import TRAITS
from market.filling import filled
from market.metrics import metrics
from market.metrics.registry import Metric
from market.plan import Asking, Plan, Wanted
from market.query import Bound, Row
from market.reading import DataStatus, Reading
from market.reconstruction import replay_moment
from market.replay import Replay
from market.request import Request
from market.series import Catalog, Series, chosen, stored
from market.settings import MarketSettings
from market.store import AnyStore, Store
from market.tables import Kind
from market.telling import Telling
from market.view import View, values_for

if TYPE_CHECKING:
    import ibis.expr.types as ir

BITCOIN = "BTC"
"""The asset that others are held against."""

STORE_FILE = "market.duckdb"
"""Name of the market store in the home folder."""

_FIRST_YEAR = 2009
_PATIENCE = timedelta(seconds=5)
"""So long a process waits for another one's import to end, or for a server to offer the store it holds."""

_NO_PARAMS: Mapping[str, str] = {}
_STATUS_KINDS: tuple[Kind, ...] = ("candles", "liquidations", "market_cap", "sentiment")


def open_store(home: Path, settings: MarketSettings, *, read_only: bool = True) -> AnyStore:
    """The store that the settings name: a server by URL, else the file in `home`.

    A file that another process holds is used through that process, if it offers it; else it is waited for a little.
    Raises StoreBusy, or StoreUnusable.
    """
    if settings.store_url is not None:
        from market.postgres import PostgresStore

        return PostgresStore.open(settings.store_url)
    from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

    patient = Retrying(
        retry=retry_if_exception_type(StoreBusy), stop=stop_after_delay(_PATIENCE), wait=wait_fixed(0.1), reraise=True
    )
    return patient(_open_file, home, read_only=read_only)


def _open_file(home: Path, *, read_only: bool) -> AnyStore:
    try:
        return Store.open(home / STORE_FILE, read_only=read_only)
    except StoreBusy:
        from market.served import ServedStore

        served = ServedStore.of(home)
        if served is None:
            raise
        return served


class Market:
    """Answers from one store as of a moment; safe to share between threads."""

    def __init__(
        self,
        store: AnyStore,
        catalog: Catalog,
        clock: Clock,
        settings: MarketSettings,
        replay: Replay,
        wall: Callable[[], datetime],
    ) -> None:
        self.store = store
        self._catalog = catalog
        self._clock = clock
        self._settings = settings
        self.replay = replay
        """Where everyone's replay begins."""
        self._wall = wall
        self._telling = Telling(store, catalog)
        self._asking = Asking(store)
        self._pool = ThreadPoolExecutor(os.cpu_count(), "readings")

    @classmethod
    def open(
        cls,
        home: Path,
        settings: MarketSettings,
        *,
        read_only: bool = True,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> "Market":
        """Opens the store in `home`; the first opening creates it with the bundled reconstruction."""
        store = open_store(home, settings, read_only=read_only)
        catalog = Catalog(store)
        replay = Replay(at=settings.replay_at or replay_moment())
        clock = Clock(catalog, wall, replay.at, settings.stale_after)
        return cls(store, catalog, clock, settings, replay, wall)

    def close(self) -> None:
        self._pool.shutdown()
        self.store.close()

    def serving(self) -> AbstractContextManager[object]:
        """While the block runs, other processes of the home use the store's file through this one, if it may write."""
        from market.serving import Serving

        if isinstance(self.store, Store) and not self.store.read_only:
            return Serving(self.store)
        return nullcontext()

    @property
    def venues(self) -> Sequence[str]:
        """Where `pulling` gets live data from; none where the settings forbid them or the store cannot be written."""
        if not self._settings.live or (isinstance(self.store, Store) and self.store.read_only):
            return ()
        return [TRAITS[venue].name for venue in self._settings.venues]

    def pulling(self) -> AbstractContextManager[object]:
        """While the block runs, live data are pulled and streamed into the store in the background, if they may be."""
        from market.feeds.background import Background
        from market.feeds.backoff import Backoff

        if not self.venues:
            return nullcontext()
        return Background(self.store, self._settings, self._wall, Backoff(Random()))  # noqa: S311 - spreads retries

    def tidying(self) -> AbstractContextManager[object]:
        """While the block runs, candles that are too old are compacted in the background, if the settings say when."""
        from market.tidying import Tidying

        keep = self._settings.compact_after
        if keep is None or (isinstance(self.store, Store) and self.store.read_only):
            return nullcontext()
        return Tidying(self.store, keep, self._wall)

    def now(self) -> datetime:
        """The moment readings without an as-of are taken at."""
        return self._clock.now()

    def assets(self) -> Sequence[str]:
        """Base symbols the store holds anything of."""
        return self._catalog.assets()

    def metrics(self) -> Mapping[str, Metric]:
        """Every metric by name."""
        return metrics()

    def read(
        self,
        name: str,
        asset: str | None = None,
        window: timedelta | None = None,
        as_of: datetime | None = None,
        params: Mapping[str, str] = _NO_PARAMS,
    ) -> Reading:
        """The reading of metric `name`.

        `asset` is a base symbol, or "ALL" for the market; `window` is left aside by metrics that look at none;
        `as_of` None is the clock's now. Raises UnknownMetric, UnknownAsset, InvalidInput or NoData.
        """
        moment = self._clock.now() if as_of is None else as_of
        plan = self._plan(Wanted(name, asset, window, params), moment)
        (row,) = self._asking.rows([plan])
        return self._reading(plan, row)

    def readings(self, wanted: Sequence[Wanted], as_of: datetime | None = None) -> list[Reading | MarketError]:
        """What `read` gives for each of `wanted` as of one moment, or the error it raises, in that order.

        Much faster than one after the other: readings that stand on the same sums are one query, and queries run
        beside each other.
        """
        moment = self._clock.now() if as_of is None else as_of
        # Metrics of one table choose among the same series, which are looked up once: one after the other, then.
        tables: dict[Kind | None, list[Wanted]] = {}
        for one in wanted:
            tables.setdefault(metrics()[one.name].table if one.name in metrics() else None, []).append(one)
        planned: dict[int, Plan | MarketError] = {}
        for found in self._pool.map(lambda ones: {id(one): self._tried(one, moment) for one in ones}, tables.values()):
            planned |= found
        groups = self._asking.grouped([plan for plan in planned.values() if isinstance(plan, Plan)])
        rows: dict[int, Row | None] = {}
        for group, answered in zip(groups, self._pool.map(self._asking.rows, groups), strict=True):
            rows |= {id(plan): row for plan, row in zip(group, answered, strict=True)}
        return [self._told(planned[id(one)], rows) for one in wanted]

    def status(self, as_of: datetime | None = None) -> DataStatus:
        """Which data stand behind readings as of `as_of`; prices decide where there are any."""
        moment = self._clock.now() if as_of is None else as_of.astimezone(UTC)
        for kind in _STATUS_KINDS:
            best = chosen(self._catalog.usable(kind, None, None, moment, self._settings.usable_for), None)
            if best is not None:
                stale = moment - best.last > self._settings.stale_after + best.lag
                return DataStatus(mode=best.mode, source=best.source, latest=best.last, as_of=moment, stale=stale)
        return DataStatus(mode="none", source=None, latest=None, as_of=moment, stale=True)

    def feeds(self) -> Sequence[FeedStatus]:
        """Every live feed that was ever asked: how it is doing, and how old its newest row is."""
        now = self._wall()
        return [FeedStatus.of(state, now, self._settings.stale_after) for state in read_states(self.store).values()]

    def behind(
        self,
        name: str,
        rows: "Callable[[View], ir.Table]",
        asset: str | None,
        window: timedelta,
        as_of: datetime | None = None,
    ) -> Behind:
        """The rows of the window that a reading of metric `name` stands on, as the expression `rows` picks them.

        Raises as `read` does.
        """
        moment = self._clock.now() if as_of is None else as_of
        request = self._request(Wanted(name, asset), moment).over(window)
        series = self._series(request)
        found = self.store.rows(
            ("behind", f"{rows.__module__}.{rows.__qualname__}", request.narrowed),
            lambda: rows(View(request.metric.table, narrowed=request.narrowed, params={})),
            self._values(request, series),
        )
        return Behind(
            rows=found,
            asset=request.asset,
            window=window,
            as_of=request.as_of,
            source=series.source,
            mode=series.mode,
            interval=series.interval,
            completeness=self._telling.complete(request, series),
        )

    def _request(self, wanted: Wanted, as_of: datetime) -> Request:
        if wanted.name not in metrics():
            raise UnknownMetric(wanted.name, metrics())
        if as_of.year < _FIRST_YEAR:
            raise InvalidInput(
                f"as_of {as_of.isoformat()} is before {_FIRST_YEAR}; there is no crypto market to read then"
            )
        return Request.of(
            metrics()[wanted.name],
            wanted.asset,
            wanted.window,
            as_of,
            wanted.params,
            assets=self._catalog.assets(),
            default_window=self._settings.default_window,
        )

    def _plan(self, wanted: Wanted, as_of: datetime) -> Plan:
        request = self._request(wanted, as_of)
        series = self._series(request)
        companion = self._companion(request, series)
        return Plan(request, series, companion, self._values(request, series, companion))

    def _series(self, request: Request) -> Series:
        metric = request.metric
        asset = request.asset if request.narrowed else None
        usable = self._catalog.usable(metric.table, asset, request.window, request.as_of, self._settings.usable_for)
        if request.source is not None:
            usable = [one for one in usable if one.source == request.source]
        if metric.instrument is not None:
            usable = [one for one in usable if one.instrument == metric.instrument]
        if not usable:
            kind = f"none of a {metric.instrument} is" if metric.instrument else "none is"
            raise self._telling.no_data(request, f"{kind} known in the time before it")
        if metric.span == "window":
            usable = [one for one in usable if one.rows >= metric.least_rows]
        best = chosen(usable, request.window)
        if best is None:
            raise self._telling.no_data(request, f"the window holds fewer than the {metric.least_rows} it needs")
        return best

    def _companion(self, request: Request, series: Series) -> Series | None:
        """The series that the metric holds `series` against: of the same mode and interval, as fresh as there is."""
        wanted = request.metric.companion
        if wanted is None:
            return None
        asset = BITCOIN if wanted == "bitcoin" else request.asset
        if wanted == "bitcoin" and request.asset == BITCOIN:
            raise self._telling.no_data(request, "bitcoin held against itself says nothing: name another asset")
        usable = self._catalog.usable("candles", asset, request.window, request.as_of, self._settings.usable_for)
        beside = [one for one in usable if (one.mode, one.interval) == (series.mode, series.interval)]
        if wanted == "bitcoin":
            beside = [one for one in beside if one.source == series.source]
        else:
            beside = [one for one in beside if one.instrument == "spot"]
        best = chosen(beside, request.window)
        if best is None:
            raise self._telling.no_data(
                request, f"no candles of {asset}{' spot' if wanted == 'spot' else ''} go beside it"
            )
        return best

    def _tried(self, wanted: Wanted, as_of: datetime) -> Plan | MarketError:
        try:
            return self._plan(wanted, as_of)
        except MarketError as error:
            return error

    def _told(self, planned: Plan | MarketError, rows: Mapping[int, Row | None]) -> Reading | MarketError:
        if isinstance(planned, MarketError):
            return planned
        try:
            return self._reading(planned, rows[id(planned)])
        except MarketError as error:
            return error

    def _reading(self, plan: Plan, row: Row | None) -> Reading:
        request, series, metric = plan.request, plan.series, plan.request.metric
        if row is None or row["value"] is None:
            reason = "none is known at the start of the window" if metric.span == "change" else metric.empty
            raise self._telling.no_data(request, reason or "none is known that it can use")
        return Reading(
            metric=metric.name,
            value=cast("float | str", row["value"]),
            unit=metric.unit,
            asset=str(row.get("asset", request.asset)),
            window=duration_text(request.window) if request.window else None,
            as_of=request.as_of,
            source=_named(series, plan.companion),
            mode=series.mode,
            sample_size=cast("int", row["rows"]),
            completeness=self._telling.completeness(request, series),
            formula=f"{metric.formula} = {filled(metric.filled, row)}",
        )

    def _values(self, request: Request, series: Series, companion: Series | None = None) -> dict[str, Bound]:
        values = values_for(
            series,
            request.asset,
            request.window,
            request.as_of,
            self._settings.usable_for,
            companion=companion,
            earlier=request.earlier,
        )
        given = {name: stored(one) if isinstance(one, datetime) else one for name, one in request.bound.items()}
        return {**given, **values}


def _named(series: Series, companion: Series | None) -> str:
    """The source of a reading; both where it stands on two."""
    if companion is None or companion.source == series.source:
        return series.source
    return f"{series.source} against {companion.source}"
