"""Fetches what the market and the calculators have for a question: readings and calculations. Says nothing of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import yaml

from market.calculation import Calculation
from market.calculators import calculate
from market.errors import MarketError, NoData, UnknownAsset
from market.market import Market
from market.reading import Reading
from rag.examples import Examples
from rag.frame import Frame
from rag.inputs import FUNDING_RATE, CalculationRequest, venue_in
from rag.quantities import quantities
from rag.settings import RagSettings

OVERVIEW = "overview"
"""Label of the questions that ask how the market is doing as a whole."""

OVERVIEW_QUESTIONS = (
    "What is going on with the market right now?",
    "whats going on with btc",
    "How is the crypto market doing?",
    "is the market crashing",
    "what is happening with bitcoin",
    "give me an update on the market",
    "how bad is it right now",
)

_OVERVIEW_METRICS = ("price", "change", "drawdown_from_ath", "liquidations_total", "fear_greed")
_WHY_NOW_METRICS = ("change", "liquidations_total")
"""What happened, before why."""
_ADVICE_METRICS = ("drawdown_from_ath", "fear_greed")
"""What data says now, beside what people weigh."""
_SURE = 0.8
"""Cosine to a metric's own example from which a question asks for it, whatever else it seems to be."""
_FULL_DAY = len("2025-11-04")
_MOST_ASSETS = 2


@dataclass(frozen=True)
class Plan:
    """What was fetched for one question.

    `refusal` is why a calculation could not be made, `gaps` why readings could not be had, `unread` the assets without
    one. `metrics` are those that the question asks for, read or not; `why_now` says that it asks what moves the market,
    `sure` that it is nearly one of the metric's own questions.
    """

    readings: Sequence[Reading] = ()
    calculations: Sequence[Calculation] = ()
    request: CalculationRequest | None = None
    refusal: str | None = None
    gaps: Sequence[str] = ()
    unread: Sequence[str] = ()
    metrics: Sequence[str] = ()
    why_now: bool = False
    sure: bool = False


class Planner:
    """Plans with the market's own registry: each metric brings the example questions that ask for it."""

    def __init__(self, market: Market, metrics: Examples, settings: RagSettings) -> None:
        self._market = market
        self._metrics = metrics
        self._settings = settings

    def __call__(self, frame: Frame, as_of: datetime | None, *, advice: bool = False) -> Plan:
        """Fetches what `frame` needs as of `as_of` (None: the clock's now); `advice` adds what data say now."""
        request, rated = self._rated(frame, as_of)
        calculations, refusal = self._calculations(frame, request)
        if calculations or refusal:
            return Plan(rated, calculations, request, refusal)
        why_now = _asks_why_now(frame)
        metrics = _ADVICE_METRICS if advice else _WHY_NOW_METRICS if why_now else self._metric_names(frame)
        readings, gaps, unread = self._readings(frame, as_of, metrics)
        wanted = request if frame.route == "calculate" else None
        sure = next(iter(self._metrics.similarities(frame.masked).values())) >= _SURE
        return Plan(readings, (), wanted, None, gaps, unread, metrics, why_now, sure and bool(metrics))

    def _rated(self, frame: Frame, as_of: datetime | None) -> tuple[CalculationRequest | None, Sequence[Reading]]:
        """The calculation asked for; one of funding that lacks only the rate gets the newest, with its reading."""
        request = frame.calculation
        if request is None or FUNDING_RATE not in request.missing or "notional" not in request.inputs:
            return request, ()
        asset = frame.assets[0] if frame.assets else None
        try:
            reading = self._market.read("funding_rate", asset=asset, window=None, as_of=as_of, params={})
        except (NoData, UnknownAsset):
            return request, ()
        left = tuple(word for word in request.missing if word != FUNDING_RATE)
        inputs = {**request.inputs, "rate": reading.value}
        return request.model_copy(update={"inputs": inputs, "missing": left}), (reading,)

    def _calculations(
        self, frame: Frame, request: CalculationRequest | None
    ) -> tuple[Sequence[Calculation], str | None]:
        if request is None or not request.ready or frame.routes["calculate"] < self._settings.calculation_probability:
            return (), None
        try:
            if request.sides:
                return [calculate(request.name, {**request.inputs, "side": side}) for side in request.sides], None
            if request.name != "liquidation-price" or "venue" in request.inputs:
                return (calculate(request.name, request.inputs),), None
            # Whether maintenance margin is charged on the value at entry or at the liquidation price is
            # the venue's choice, and where the question does not say which, both are worked out.
            return [calculate(request.name, {**request.inputs, "convention": kind}) for kind in ("entry", "exit")], None
        except MarketError as error:
            return (), str(error)

    def _readings(
        self, frame: Frame, as_of: datetime | None, metrics: Sequence[str]
    ) -> tuple[Sequence[Reading], Sequence[str], Sequence[str]]:
        """The readings, why others could not be had, and the assets named of which there are none."""
        moment = _moment(frame, as_of)
        readings: list[Reading] = []
        gaps: list[str] = []
        unread: list[str] = []
        for name in metrics:
            market_wide = self._market.metrics()[name].scope == "market"
            for asset in frame.assets[:_MOST_ASSETS] if frame.assets and not market_wide else [None]:
                try:
                    readings.append(self._read(frame, name, asset, moment))
                except (NoData, UnknownAsset) as error:
                    gaps.append(str(error))
                    unread += [asset] if asset else []
        return readings, gaps, tuple(dict.fromkeys(unread))

    def _metric_names(self, frame: Frame) -> Sequence[str]:
        similar = self._metrics.similarities(frame.masked)
        best, similarity = next(iter(similar.items()))
        if frame.route != "market" or similarity < self._settings.metric_similarity:
            return ()
        if best == OVERVIEW:
            return _OVERVIEW_METRICS
        if frame.period.day is not None and len(frame.period.day) < _FULL_DAY:
            # A month or a year has no end to read at; a day has.
            return ()
        return (_variant(best, frame),)

    def _read(self, frame: Frame, name: str, asset: str | None, moment: datetime | None) -> Reading:
        params = {}
        if name == "distance_to_level":
            level = next((q.value for q in quantities(frame.text) if q.unit in {"usd", "plain"} and q.value > 1), None)
            if level is not None:
                params["level"] = str(level)
        venue = venue_in(frame.text)
        if name == "liquidations_at_venue" and venue:
            params["venue"] = venue
        return self._market.read(name, asset=asset, window=frame.period.window, as_of=moment, params=params)


def _asks_why_now(frame: Frame) -> bool:
    """Whether a question asks for the cause of what the market does in a window that ends now."""
    if frame.kind != "cause" or frame.events or frame.period.day is not None:
        return False
    return frame.route == "market" or (frame.period.window is not None and frame.route == "published")


def _moment(frame: Frame, as_of: datetime | None) -> datetime | None:
    """A full day named in the question is read at its end; otherwise the question's own as-of counts."""
    day = frame.period.day
    if as_of is None and day is not None and len(day) == _FULL_DAY:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
    return as_of


@lru_cache(maxsize=1)
def _variants() -> Mapping[str, Mapping[str, str]]:
    read: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("metric_variants.yaml").read_text("utf-8")
    )
    return read


def _variant(metric: str, frame: Frame) -> str:
    """`metric`, or the narrower one for the side, venue or unit that the frame names."""
    slots = (frame.side, "venue" if frame.venues else None, frame.unit)
    for slot in slots:
        metric = _variants().get(slot or "", {}).get(metric, metric)
    return metric
