"""What a question asks, read once: the typed frame that every later stage works from. Reads no text itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from knowledge.embedding import Vectors
from knowledge.figures import Event
from knowledge.gazetteer import Entity
from rag.inputs import CalculationRequest
from rag.periods import Period

Route = Literal["explain", "published", "rank", "market", "calculate"]
"""Where an answer must come from: knowledge in words, one published figure, an order of several, market data, or the
asker's own numbers."""

Kind = Literal[
    "definition", "mechanism", "cause", "consequence", "how_to", "where_to_find", "comparison", "figure", "when", "who",
    "story", "ranking", "reading", "calculation",
]  # fmt: skip
"""What exactly is asked."""

GuardName = Literal["distress", "advice", "prediction", "injection", "outside", "talk"]
"""What a message may be beside, or instead of, a question of the topic."""

Aggregate = Literal["value", "max", "min", "rank", "difference", "share", "duration", "count", "when"]
"""What is wanted of a quantity. `when` asks for its date, `duration` for a length of time."""

By = Literal["event", "venue", "asset", "side"]
"""Over what a ranking or a maximum goes."""

Side = Literal["long", "short"]
Unit = Literal["percent", "dollars", "coins"]


@dataclass(frozen=True)
class Frame:
    """One of the questions inside a message.

    `text` stands alone: a follow-up has taken over what it leaves out. Probabilities are calibrated, each in [0, 1].
    `unknown` are names that neither the gazetteer nor the shelf knows.
    `vector` finds passages (packaged embedder), `meaning` is the vector of the trained encoder, `masked` that of the
    text with every asset called bitcoin, in the packaged embedder.
    """

    text: str
    words: str
    vector: Vectors
    meaning: Vectors
    masked: Vectors
    routes: Mapping[Route, float]
    kinds: Mapping[Kind, float]
    guards: Mapping[GuardName, float]
    yes_no: float
    other: float = 0.0
    """How likely distress, if there is any, is that of somebody else."""
    entities: tuple[Entity, ...] = ()
    events: tuple[Event, ...] = ()
    under_way: tuple[Event, ...] = ()
    """Crashes under way at the moment of asking; empty where a rise is asked about."""
    aggregate: Aggregate = "value"
    by: By | None = None
    side: Side | None = None
    unit: Unit | None = None
    period: Period = field(default_factory=Period)
    calculation: CalculationRequest | None = None
    unknown: tuple[str, ...] = ()

    @property
    def route(self) -> Route:
        return max(self.routes, key=lambda name: (self.routes[name], name))

    @property
    def kind(self) -> Kind:
        return max(self.kinds, key=lambda name: (self.kinds[name], name))

    @property
    def assets(self) -> tuple[str, ...]:
        """Symbols of the coins named, in their order."""
        return tuple(entity.symbol for entity in self.entities if entity.kind == "asset" and entity.symbol)

    @property
    def venues(self) -> tuple[Entity, ...]:
        return tuple(entity for entity in self.entities if entity.kind == "venue")


@dataclass(frozen=True)
class Message:
    """The whole message as read: its language, its guards as a whole, and the questions in it.

    `about` says whose distress it is, if it is one of distress.
    """

    standalone: str
    language: str
    guards: Mapping[GuardName, float]
    frames: Sequence[Frame]
    about: Literal["self", "other"] = "self"
