"""Decides which readings, published figures and calculations a question needs, and fetches them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from knowledge.figures import Event, Figure
from market.calculation import Calculation
from market.calculators import calculate
from market.errors import MarketError, NoData
from market.market import Market
from market.reading import Reading
from rag.examples import Examples
from rag.figures import FigureGuide
from rag.inputs import FUNDING_RATE, CalculationRequest, venue_in
from rag.narrowing import families_named, readings_named
from rag.periods import ASKS_WHEN
from rag.premises import Correction, Premises
from rag.quantities import quantities
from rag.settings import RagSettings
from rag.understanding import Part

OVERVIEW = "overview"
"""Label of the questions that ask how the market is doing as a whole."""

OVERVIEW_QUESTIONS = (
    "What is going on with the market right now?",
    "whats going on with btc",
    "How is the crypto market doing?",
    "is the market crashing",
    "what is happening with bitcoin",
    "give me an update on the market",
    "why is everything red today",
    "how bad is it right now",
)

_OVERVIEW_METRICS = ("price", "change", "drawdown_from_ath", "liquidations_total", "fear_greed")

_WHY_NOW_METRICS = ("change", "liquidations_total")
"""What happened, before why."""

_BACKDROP = ("drawdown_from_ath", "fear_greed")
"""What data says now, beside the education that advice-seeking gets."""

_WHY = re.compile(
    r"\b(?:why|caused?|causes|reasons?|behind|trigger\w*|set off|kick(?:ed|s)? (?:\w+ )?off|started|spark\w*|led to"
    r"|how come|fault|blame|explain"
    r"|recover\w*|afterwards|aftermath)\b",
    re.IGNORECASE,
)
"""Asked for a reason, an event's own words answer; its figures would not."""

AS_A_WHOLE = re.compile(
    r"\b(?:what(?:'?s| is| was)? happen\w*|tell me (?:\w+ )?about"
    r"|what (?:was|is) (?:the|that) [\w -]*(?:crash|collapse))\b"
    r"(?!.*\bhow (?:much|many|low|far)\b)",
    re.IGNORECASE,
)
"""Asks for a crash as a whole, and for no single figure of it."""
_JOINS = re.compile(r"\band\b|,|&", re.IGNORECASE)
_BECAUSE = re.compile(r"\b(?:because|due to|why|mean|means|tells?)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\bhow (?:much|many|low|high|far|big)\b|\btotal\b|\bbottom(?:ed)?\b|\blow(?:est)?\b", re.IGNORECASE
)

_ASKS_FOR_FACTS = frozenset({"explain", "event_fact", "live", "calculation"})
_MOST_EVENTS = 4
_ASKED_BESIDE = 0.66
"""Where something is asked openly, a premise must be nearer to be set right first: telling how it was is no premise."""
_CLOSE_SECOND = 0.04
_LEANING = 0.08
"""A question that says "now" or names a window may lie so much further from a metric's examples."""
_SURE_METRIC = 0.8
"""Cosine to a metric's example from which a question that names an asset asks for its reading, whatever its intent."""
_FAMILY_SIMILARITY = 0.45
_SAME_FAMILY = 0.02
"""A second family is told beside the first only where the question hardly tells them apart."""


@dataclass(frozen=True)
class FigureGroup:
    """The published figures for one quantity of one event."""

    event: Event
    family: str
    main: Sequence[Figure]
    beside: Sequence[Figure]


@dataclass(frozen=True)
class Plan:
    """What was fetched for one part. `gaps` are the readings that could not be had, each with its reason.

    `correction` is what the part takes for granted and has wrong, `misquoted` the
    figures that a number of it contradicts; `unread` are assets of which the market data do not tell what is asked;
    `whole_event` says that a crash is asked for as a whole, so that its figures are only its headline.
    """

    readings: Sequence[Reading] = ()
    figures: Sequence[FigureGroup] = ()
    calculations: Sequence[Calculation] = ()
    refusal: str | None = None
    gaps: Sequence[str] = field(default=())
    correction: Correction | None = None
    misquoted: FigureGroup | None = None
    unread: Sequence[str] = ()
    whole_event: bool = False


class Planner:
    """Plans with the market's own registry: each metric brings the example questions that ask for it."""

    def __init__(
        self,
        market: Market,
        metrics: Examples,
        families: Examples,
        guide: FigureGuide,
        premises: Premises,
        settings: RagSettings,
    ) -> None:
        self._market = market
        self._premises = premises
        self._metrics = metrics
        self._families = families
        self._guide = guide
        self._settings = settings

    def __call__(self, part: Part, as_of: datetime | None) -> Plan:
        """Fetches what `part` needs as of `as_of` (None: the clock's now)."""
        request, rated = self._rated(part, as_of)
        complete = request is not None and request.ready
        correction = None if complete else self._premises.corrected(part.assertions)
        if correction and not part.asks:
            return Plan(correction=correction, misquoted=self._misquoted(part))
        if correction and correction.similarity < _ASKED_BESIDE:
            correction = None
        calculations, refusal = self._calculations(part, request)
        figures, whole = self._figures(part)
        readings, gaps, unread = self._readings(part, as_of, wants_figures=bool(figures))
        if calculations or refusal:
            readings = rated
        misquoted = self._misquoted(part)
        # What sets a number right has said the figures of its kind.
        figures = [group for group in figures if misquoted is None or group.family != misquoted.family]
        of_a_window = part.period.window is not None and bool(part.assets)
        asks_for_data = (part.intent in {"live", "event_fact"} or of_a_window) and not _BECAUSE.search(part.text)
        unread = unread if asks_for_data and not (figures or calculations or readings) else ()
        return Plan(readings, figures, calculations, refusal, gaps, correction, misquoted, unread, whole)

    def _misquoted(self, part: Part) -> FigureGroup | None:
        if part.misquoted is None:
            return None
        event, family = part.misquoted.event, part.misquoted.family
        main, beside = self._guide.figures(event, family)
        return FigureGroup(event, family, main, beside) if main else None

    def _rated(self, part: Part, as_of: datetime | None) -> tuple[CalculationRequest | None, Sequence[Reading]]:
        """The calculation asked for; one of funding that lacks only the rate gets the newest, with its reading."""
        request = part.calculation
        if request is None or FUNDING_RATE not in request.missing or "notional" not in request.inputs:
            return request, ()
        try:
            reading = self._read(part, "funding_rate", next(iter(self._assets(part, "funding_rate"))), as_of)
        except NoData:
            return request, ()
        left = tuple(word for word in request.missing if word != FUNDING_RATE)
        inputs = {**request.inputs, "rate": reading.value}
        return request.model_copy(update={"inputs": inputs, "missing": left}), (reading,)

    def _calculations(self, part: Part, request: CalculationRequest | None) -> tuple[Sequence[Calculation], str | None]:
        if request is None or not request.ready or part.intent not in _ASKS_FOR_FACTS | {"advice"}:
            return (), None
        try:
            if request.sides:
                return [calculate(request.name, {**request.inputs, "side": side}) for side in request.sides], None
            if request.name != "liquidation-price" or "venue" in request.inputs:
                return (calculate(request.name, request.inputs),), None
            # Whether maintenance margin is charged on the value at entry or at the liquidation price is
            # the venue's choice, and where the question does not say which, both are worked out.
            both = [calculate(request.name, {**request.inputs, "convention": kind}) for kind in ("entry", "exit")]
            return both, None
        except MarketError as error:
            return (), str(error)

    def _figures(self, part: Part) -> tuple[Sequence[FigureGroup], bool]:
        """The groups of figures asked for, and whether they are only the headline of a crash asked for as a whole."""
        if part.intent not in _ASKS_FOR_FACTS or not part.events or part.why_now:
            return (), False
        if (_WHY.search(part.text) or ASKS_WHEN.search(part.text)) and not _AMOUNT.search(part.text):
            return (), False
        similar = self._families.similarities(part.own)
        if part.bare is not None:
            bare = self._families.similarities(part.bare)
            similar = {name: (score + bare[name]) / 2 for name, score in similar.items()}
        best = max(similar.values())
        ranked = sorted(similar.items(), key=lambda pair: (-pair[1], pair[0]))
        chosen = [name for name, score in ranked if score >= max(_FAMILY_SIMILARITY, best - _SAME_FAMILY)]
        named = self._guide.named(part.text)
        beside = chosen[:1] if _JOINS.search(part.text) else []
        chosen = families_named([*named, *beside] if named else chosen, part.text)
        tells = part.intent in {"event_fact", "explain"}
        whole = tells and bool(AS_A_WHOLE.search(part.text) or not (chosen or _AMOUNT.search(part.text)))
        # Crashes set side by side, and not by one kind of number, are compared by what stands at the head of each.
        overall = len(part.events) > 1 and not named and not _AMOUNT.search(part.text)
        families = self._guide.headline if whole or overall or (tells and not chosen) else chosen[:4]
        groups = []
        for event in part.events[:_MOST_EVENTS]:
            found = [FigureGroup(event, family, *self._guide.figures(event, family)) for family in families]
            # What is nearest to the question may not be published of a crash; what is only near does not stand in.
            if whole or overall or not chosen or found[0].main:
                groups += [group for group in found if group.main]
        return groups, whole

    def _readings(
        self, part: Part, as_of: datetime | None, *, wants_figures: bool
    ) -> tuple[Sequence[Reading], Sequence[str], Sequence[str]]:
        """The readings, why others could not be had, and the assets named of which there are none."""
        asks_why = bool(part.events and _WHY.search(part.text))
        if part.why_now and part.intent in _ASKS_FOR_FACTS:
            names: Sequence[str] = _WHY_NOW_METRICS
        else:
            names = () if asks_why or len(part.events) > 1 else self._metric_names(part, wants_figures=wants_figures)
        moment, pinned = self._moment(part, as_of)
        readings: list[Reading] = []
        gaps: list[str] = []
        unread: list[str] = []
        for name in readings_named(names, part.text):
            for asset in self._assets(part, name):
                try:
                    readings.append(self._read(part, name, asset, moment))
                except NoData as error:
                    gaps.append(str(error))
                    unread += [asset] if asset else []
        # A past day that the store does not cover is no gap: the published figures are there for it.
        return readings, () if pinned and wants_figures else gaps, () if pinned else tuple(dict.fromkeys(unread))

    def _metric_names(self, part: Part, *, wants_figures: bool) -> Sequence[str]:
        if part.intent == "advice":
            return _BACKDROP
        if part.intent not in _ASKS_FOR_FACTS:
            return ()
        similar = self._metrics.similarities(part.masked)
        best = next(iter(similar.values()))
        wants_now = part.intent == "live" or part.about_now or part.period.window is not None
        floor = self._settings.metric_similarity - (_LEANING if wants_now else 0)
        near = [name for name, score in similar.items() if score >= max(floor, best - _CLOSE_SECOND)]
        if part.period.day is not None:
            # A month or a year has no end to read at; a day has.
            full_day = len(part.period.day) == len("2025-11-04")
            return [name for name in near if name != OVERVIEW][:1] if full_day else ()
        if wants_figures:
            return ()
        if near[:1] == [OVERVIEW] or (part.intent == "live" and not near):
            return _OVERVIEW_METRICS
        told_apart = part.intent == "event_fact" or (best >= _SURE_METRIC and not _BECAUSE.search(part.text))
        names_an_asset = bool(part.assets) and told_apart
        chosen = [name for name in near if name != OVERVIEW]
        return chosen[:2] if wants_now else chosen[:1] if names_an_asset else ()

    def _moment(self, part: Part, as_of: datetime | None) -> tuple[datetime | None, bool]:
        """A full day named in the question is read at its end; otherwise the question's own as-of counts."""
        day = part.period.day
        if as_of is None and day is not None and len(day) == len("2025-11-04"):
            return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1), True
        return as_of, False

    def _assets(self, part: Part, name: str) -> Sequence[str | None]:
        return part.assets[:2] if part.assets and self._market.metrics()[name].scope != "market" else [None]

    def _read(self, part: Part, name: str, asset: str | None, moment: datetime | None) -> Reading:
        params = {}
        if name == "distance_to_level":
            level = next((q.value for q in quantities(part.text) if q.unit in {"usd", "plain"} and q.value > 1), None)
            if level is not None:
                params["level"] = str(level)
        venue = venue_in(part.text)
        if name == "liquidations_at_venue" and venue:
            params["venue"] = venue
        return self._market.read(name, asset=asset, window=part.period.window, as_of=moment, params=params)
