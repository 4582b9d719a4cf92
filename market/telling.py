"""What is said of a reading beside its number: how complete its rows are, or why there is none."""

from market import completeness
from market.durations import duration_text
from market.errors import NoData
from market.feeds.gaps import silences
from market.reconstruction import origin_note
from market.request import Request
from market.series import Catalog, Series, told
from market.store import AnyStore


class Telling:
    """Speaks of requests to one store."""

    def __init__(self, store: AnyStore, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog

    def completeness(self, request: Request, series: Series) -> str:
        """How much of what the reading should stand on was there, and what a reconstruction is."""
        said = self.complete(request, series)
        note = origin_note(series.source, series.kind) if series.mode == "reconstruction" else None
        return f"{said}; {note}" if note else said

    def complete(self, request: Request, series: Series) -> str:
        """As `completeness`, without what a reconstruction adds to it."""
        if request.metric.span == "history":
            return completeness.of_history(self._catalog.intervals(series, request.as_of))
        if request.window is None:
            return completeness.of_moment(series, request.as_of)
        if request.metric.span == "change":
            return completeness.of_ends(series, request.as_of)
        begins = self._catalog.begins(series)
        said = completeness.of_window(series, request.window, request.as_of, begins)
        if series.mode == "live" and series.kind == "liquidations":
            asset = request.asset if request.narrowed else None
            silent = silences(self._store, request.as_of - request.window, request.as_of, asset)
            said += completeness.of_silences(silent)
        if request.earlier is not None and begins > request.earlier - request.window:
            said += "; stored rows begin after the other window does"
        return said

    def no_data(self, request: Request, reason: str) -> NoData:
        """The error that says what was asked, why there is nothing, what the store holds and what to do."""
        kind, asset = request.metric.table, request.asset if request.narrowed else None
        held = told([one for one in self._catalog.series(kind) if asset in {None, one.asset}])
        what = f"{kind.replace('_', ' ')}{f' of {asset}' if asset else ''}"
        window = f" over {duration_text(request.window)}" if request.window else ""
        source = f" from source '{request.source}'" if request.source else ""
        remedy = (
            "choose an as-of time within these, or import more"
            if held
            else "add some with 'market-pulse market import'"
        )
        return NoData(
            f"no reading of {request.metric.name}{window} as of {request.as_of:%Y-%m-%dT%H:%M:%SZ}: "
            f"it stands on {what}{source}, and {reason}; the store holds {held or f'no {what}'}; {remedy}"
        )
