"""The nouns of the gazetteer: an Entity that can be named, and a Mention of one in a text."""

from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import Field

from knowledge.document import Frozen

EntityKind = Literal[
    "asset", "stablecoin", "venue", "protocol", "chain", "fund", "lender", "company", "person", "product", "place",
    "regulator", "publisher", "index",
]  # fmt: skip
KINDS: tuple[EntityKind, ...] = get_args(EntityKind)


class Entity(Frozen):
    """Something that has a name. `symbol` is what market data call an asset or a stablecoin.

    `formerly` are names it had once. `ambiguous` are names that are ordinary words too: they count only when they are
    written as a name.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
    name: str = Field(min_length=1)
    kind: EntityKind
    symbol: str | None = None
    aliases: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, current, former and ambiguous, each once."""
        symbol = (self.symbol,) if self.symbol else ()
        return tuple(dict.fromkeys((self.name, *symbol, *self.aliases, *self.formerly, *self.ambiguous)))


@dataclass(frozen=True, slots=True)
class Mention:
    """That `text[start:end]` names `entity`."""

    entity: Entity
    start: int
    end: int
