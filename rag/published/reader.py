"""Turns the frame of a question into a query to the table of published figures, or says that it asks for none."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import get_args

from knowledge.embedding import Embedder
from knowledge.figures import Event
from rag.events import EventFinder
from rag.examples import Examples
from rag.frame import Aggregate, Frame, Kind
from rag.published.dimension import DATES, ELSEWHERE, Aspect, Dimension
from rag.published.grammar import (
    aggregate_of,
    by_of,
    degree_of,
    is_earliest,
    side_of,
    threshold_of,
    top_of,
    unit_of,
)
from rag.published.query import FigureQuery, Threshold
from rag.published.table import FigureTable
from rag.quantities import Quantity, quantities

__all__ = ["QueryReader", "aggregate_of", "by_of", "side_of", "unit_of"]

_NEAR = 0.5
"""Cosine to an example from which a question asks for its dimension."""
_NEAR_AGREED = 0.3
"""The same where grammar leaves no other dimension: "how long", "what share of longs"."""
_YES_NO = 0.5
_NO_NUMBER: frozenset[Kind] = frozenset({"who", "definition", "mechanism", "how_to", "where_to_find", "cause"})
"""Kinds that no figure answers."""
_TOLD: Mapping[Kind, Aspect] = {"cause": "causes", "consequence": "aftermath", "story": "story"}
_LEAST_AMOUNT = 100
_FULL_DAY = len("2025-11-04")
_CALLED: Mapping[str, str] = {"asset": "bitcoin", "stablecoin": "the stablecoin", "venue": "the exchange"}
_ONLY: Mapping[Aggregate, Dimension] = {"duration": "duration", "share": "longs_share"}
_DIMENSIONS: frozenset[str] = frozenset(get_args(Dimension))
_ASPECTS: frozenset[str] = frozenset(get_args(Aspect))
_IN_UNIT: Mapping[str, frozenset[Dimension]] = {
    "percent": frozenset({"fall", "longs_share", "market_value", "open_interest", "depeg"}),
    "dollars": frozenset({"liquidations", "peak_hour", "peak_minute", "low", "high", "market_value", "market_level",
                          "open_interest", "depeg", "compensation", "defi", "realised_loss", "underreporting"}),
    "coins": frozenset({"liquidations", "peak_hour"}),
}  # fmt: skip


class QueryReader:
    """Reads queries to `table` by the nearest example question; `examples` are those of `PublishedGuide.examples`.

    What is asked is compared without the names in it: the vectors of the frame hold them, so `embedder` is asked again.
    """

    def __init__(self, examples: Examples, table: FigureTable, embedder: Embedder) -> None:
        self._examples = examples
        self._embedder = embedder
        self._events = EventFinder(table.events)
        self._table = table
        self._guide = table.guide

    def figure_query(self, frame: Frame) -> FigureQuery | None:
        """The query that `frame` makes, or None where it asks for nothing that published figures hold."""
        side_by_side = len(frame.events) > 1 and frame.kind in {"comparison", "ranking"}
        if not side_by_side and frame.routes.get("published", 0.0) + frame.routes.get("rank", 0.0) < max(
            frame.routes.get(other, 0.0) for other in ("explain", "market", "calculate")
        ):
            return None
        of_number = frame.kind not in _NO_NUMBER or frame.route == "rank"
        dimensions = self._dimensions(frame) if of_number else ()
        if not dimensions:
            return None
        one = self._guide.dimensions[dimensions[0]]
        events = frame.events or self._of_day(frame)
        several = len(events) > 1
        aggregate = frame.aggregate
        by = frame.by or "event"
        text = frame.text
        assets = self._assets(frame, dimensions[0])
        if aggregate == "value" and (frame.route == "rank" or frame.kind == "ranking") and not events:
            aggregate = "rank"
        if aggregate in {"max", "min"} and len(events) == 1 and not self._asks_over_all(frame, assets):
            # The lowest price of one crash is its low.
            aggregate = "value"
        worst_first = one.worse == "low" and aggregate in {"max", "rank"}
        least_first = aggregate == "min" or (aggregate == "rank" and degree_of(text) == "less")
        ascending = least_first or worst_first or (dimensions[0] == "start" and is_earliest(text))
        over_all = aggregate in {"max", "min", "rank", "count"} and not several and by == "event" and len(assets) < 2
        if (not events and by == "event" and len(assets) > 1) or (not events and by == "asset"):
            # Without a crash it is the market that is asked about.
            return None
        return FigureQuery(
            dimensions=dimensions,
            aggregate=aggregate,
            by=by,
            events=() if over_all else events,
            assets=assets,
            venues=tuple(entity.name for entity in frame.venues if not _of_event(frame, entity.names)),
            side=frame.side,
            unit=frame.unit if frame.unit and dimensions[0] in _IN_UNIT[frame.unit] else None,
            period=frame.period.day if not over_all or self._is_period(frame) else None,
            ascending=ascending,
            top=top_of(text) if aggregate == "rank" else None,
            degree=degree_of(text),
            threshold=self._threshold(text, dimensions[0]),
        )

    def aspect(self, frame: Frame) -> Aspect | None:
        """What is told of the crash that `frame` asks for as a whole; None where it asks for something of it."""
        if len(frame.events) != 1 or frame.yes_no >= _YES_NO:
            return None
        if frame.aggregate != "value" or (frame.kind not in _TOLD and frame.route != "explain"):
            return None
        similar = self._similar(frame)
        nearest = max(similar, key=lambda name: similar[name])
        if nearest not in _ASPECTS or similar[nearest] < _NEAR:
            return None
        return _TOLD.get(frame.kind) or next(name for name in get_args(Aspect) if name == nearest)

    def _similar(self, frame: Frame) -> dict[str, float]:
        general = self._general(frame)
        similar = self._examples.similarities(self._embedder.embed([general])[0])
        if not frame.assets or _CALLED["asset"] in general:
            return similar
        # The only coin named is in the name of the crash, and may be what is asked about.
        masked = self._examples.similarities(frame.masked)
        return {name: max(score, masked[name]) for name, score in similar.items()}

    def _general(self, frame: Frame) -> str:
        """The question with its crash, coins and venues called what they are, as the examples call them."""
        text = self._events.without(frame.text)
        for entity in frame.entities:
            for name in sorted(entity.names, key=len, reverse=True) if entity.kind in _CALLED else ():
                text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _CALLED[entity.kind], text, flags=re.IGNORECASE)
        return re.sub(r"\bthe the\b", "the", text)

    def _dimensions(self, frame: Frame) -> tuple[Dimension, ...]:
        similar = self._similar(frame)
        elsewhere = similar.pop(ELSEWHERE)
        allowed = {name: score for name, score in similar.items() if name in _DIMENSIONS and self._fits(name, frame)}
        nearest = max(allowed, key=lambda name: allowed[name], default=None)
        near = _NEAR_AGREED if len(allowed) == 1 else _NEAR
        if nearest is None or allowed[nearest] < max(near, elsewhere):
            compared = frame.kind in {"comparison", "ranking"} and len(frame.events) > 1
            return self._guide.headline if compared and elsewhere < _NEAR else ()
        return (next(name for name in get_args(Dimension) if name == nearest),)

    def _fits(self, name: str, frame: Frame) -> bool:
        """Whether a dimension can answer the aggregate, the side and the unit asked for."""
        only = "longs_share" if frame.by == "side" else _ONLY.get(frame.aggregate)
        if only is not None or frame.aggregate == "when":
            return name == only or (only is None and name in DATES - {"duration"})
        if name in DATES and frame.aggregate == "value":
            return False
        coins = {entity.kind for entity in frame.entities if entity.kind in {"asset", "stablecoin"}}
        if coins == {"stablecoin"} and name in {"low", "high", "fall"}:
            return False
        if frame.yes_no >= _YES_NO and not self._fits_number(name, frame.text):
            return False
        units = _IN_UNIT.get(frame.unit or "")
        return units is None or name in units or (frame.unit == "coins" and name == "traders")

    def _fits_number(self, name: str, text: str) -> bool:
        """Whether the numbers that a question holds up for confirmation can be of a dimension."""
        units = {"percent" if one.unit == "percent" else "other" for one in quantities(text) if _is_amount(one)}
        return not units or ("percent" in units and name in _IN_UNIT["percent"]) or (
            "other" in units and name not in {"fall", "longs_share"}
        )  # fmt: skip

    def _assets(self, frame: Frame, dimension: Dimension) -> tuple[str, ...]:
        """The coins asked about; one that only names the crash, as LUNA does, is not among others."""
        named = [
            (entity.symbol, _of_event(frame, entity.names))
            for entity in frame.entities
            if entity.kind in {"asset", "stablecoin"} and entity.symbol
        ]
        own = tuple(symbol for symbol, of_event in named if not of_event)
        if own:
            return own
        one = self._guide.dimensions[dimension]
        known = {self._guide.quantity(name).asset for name in one.quantities}
        priced = one.default_asset is not None or dimension == "depeg"
        return tuple(symbol for symbol, _ in named if priced or symbol in known)

    def _asks_over_all(self, frame: Frame, assets: tuple[str, ...]) -> bool:
        return frame.by == "event" or frame.by in {"venue", "asset"} or len(assets) > 1

    def _is_period(self, frame: Frame) -> bool:
        """Whether the date in a question over many crashes is a time to look in, and not the date of one of them."""
        return len(frame.period.day or "") < _FULL_DAY and not (frame.events and frame.yes_no >= _YES_NO)

    def _of_day(self, frame: Frame) -> tuple[Event, ...]:
        """The latest crash of a day that is named without its year, where that day of the last year saw none."""
        days = [stated.day[1:] for stated in quantities(frame.text) if stated.day and stated.day.startswith("--")]
        for event in reversed(self._table.events):
            span = [event.start + timedelta(days=n) for n in range((event.end - event.start).days + 1)]
            if any(day.isoformat().endswith(stated) for day in span for stated in days):
                return (event,)
        return ()

    def _threshold(self, text: str, dimension: Dimension) -> Threshold | None:
        found = threshold_of(text)
        if found is None:
            return None
        fits = found.unit != "percent" or dimension in _IN_UNIT["percent"]
        return found if fits else None


def _is_amount(quantity: Quantity) -> bool:
    """Whether a number counts percent, money, coins or people, and not a day or a rank."""
    return quantity.unit in {"percent", "usd", "coin"} or (quantity.unit == "plain" and quantity.value >= _LEAST_AMOUNT)


def _of_event(frame: Frame, names: tuple[str, ...]) -> bool:
    """Whether a thing is only named because the crash is called by it."""
    called = " ".join(f" {word} " for event in frame.events for word in (event.name, *event.aliases)).casefold()
    return any(f" {name.casefold()} " in called.replace("/", " ") for name in names)
