"""What published figures measure: the dimensions, their quantities and the words for both, as the YAML here says."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from rag.frame import Side

Dimension = Literal[
    "liquidations", "peak_hour", "peak_minute", "traders", "longs_share", "low", "high", "fall", "market_value",
    "market_level", "open_interest", "sentiment", "depeg", "compensation", "defi", "underreporting", "realised_loss",
    "funding", "start", "end", "duration", "low_time",
]  # fmt: skip
Aspect = Literal["story", "causes", "aftermath"]
"""What is told of a crash that is asked for as a whole."""

DATES: frozenset[Dimension] = frozenset({"start", "end", "duration", "low_time"})
"""Dimensions that the days of a crash give, and no figure."""
ELSEWHERE = "elsewhere"
"""Label of the questions for published facts that no figure here holds."""

_ASSET_WORDS = {"BTC": "bitcoin", "ETH": "Ethereum"}


class DimensionGuide(BaseModel):
    """How one dimension is asked for and said; `default_asset` is meant where no coin is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    asks: str
    worse: Literal["high", "low"]
    quantities: tuple[str, ...]
    questions: tuple[str, ...]
    beside: tuple[str, ...] = ()
    default_asset: str | None = None


class QuantityGuide(BaseModel):
    """`label` heads a receipt, `says` is the sentence; the rest is what the name of a quantity fixes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    says: str
    span: str | None = None
    asset: str | None = None
    venue: str | None = None
    side: Side | None = None


class PublishedGuide(BaseModel):
    """Everything that `dimensions.yaml` and `quantities.yaml` say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dimensions: Mapping[Dimension, DimensionGuide]
    elsewhere: tuple[str, ...]
    stories: Mapping[Aspect, tuple[str, ...]]
    headline: tuple[Dimension, ...]
    whole: frozenset[str]
    quantities: Mapping[str, QuantityGuide]

    @model_validator(mode="after")
    def _every_dimension(self) -> "PublishedGuide":
        absent = set(get_args(Dimension)) - set(self.dimensions)
        if absent:
            raise ValueError(f"dimensions.yaml: no entry for {', '.join(sorted(absent))}")
        return self

    @classmethod
    def load(cls) -> "PublishedGuide":
        return _loaded()

    def quantity(self, name: str) -> QuantityGuide:
        """How to say a quantity; one without an entry is named by its words."""
        plain = name.replace("_", " ").removesuffix(" usd").removesuffix(" pct")
        return self.quantities.get(name) or QuantityGuide(label=plain.capitalize(), says=f"{plain}: {{value}}")

    def dimension_of(self, quantity: str) -> Dimension | None:
        """The first dimension that a quantity belongs to."""
        listed = ((name, (*one.quantities, *one.beside)) for name, one in self.dimensions.items())
        return next((name for name, quantities in listed if quantity in quantities), None)

    def examples(self) -> Mapping[str, tuple[str, ...]]:
        """The labelled questions, for `rag.examples.Examples`: dimensions, aspects of a story, and ELSEWHERE."""
        examples: dict[str, tuple[str, ...]] = {name: one.questions for name, one in self.dimensions.items()}
        examples.update(self.stories.items())
        return {**examples, ELSEWHERE: self.elsewhere}


def asset_in_words(symbol: str | None) -> str:
    """A coin inside a sentence.

    >>> asset_in_words("BTC"), asset_in_words("SOL")
    ('bitcoin', 'SOL')
    """
    return _ASSET_WORDS.get(symbol, symbol) if symbol else "it"


@lru_cache(maxsize=1)
def _loaded() -> PublishedGuide:
    here = Path(__file__).parent
    read = yaml.safe_load((here / "dimensions.yaml").read_text("utf-8"))
    read["quantities"] = yaml.safe_load((here / "quantities.yaml").read_text("utf-8"))
    return PublishedGuide.model_validate(read)
