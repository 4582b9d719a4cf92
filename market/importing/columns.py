"""What each kind of file must hold: its columns, and what may stand in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from market.tables import Kind

Content = Literal["moment", "symbol", "text", "side", "number"]


@dataclass(frozen=True)
class Column:
    """One column of a file. `least` and `most` bound numbers; `positive` numbers lie above zero.

    An `optional` column may be missing, and where it is there its cells may be empty. `aliases` are other
    names under which sources write the same thing.
    """

    name: str
    content: Content
    positive: bool = False
    least: float | None = None
    most: float | None = None
    optional: bool = False
    aliases: tuple[str, ...] = ()


_MOMENT = Column("ts_utc", "moment", aliases=("date_utc", "date", "open_time"))
_SYMBOL = Column("symbol", "symbol")

COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    "candles": (
        _MOMENT,
        _SYMBOL,
        Column("open", "number", positive=True),
        Column("high", "number", positive=True),
        Column("low", "number", positive=True),
        Column("close", "number", positive=True),
        Column("volume", "number", least=0),
    ),
    "liquidations": (
        _MOMENT,
        Column("exchange", "text"),
        _SYMBOL,
        Column("side", "side"),
        Column("price", "number", positive=True),
        Column("quantity", "number", positive=True),
        Column("usd", "number", positive=True),
    ),
    "funding": (
        _MOMENT,
        _SYMBOL,
        Column("funding_rate", "number", least=-1, most=1),
        Column("mark_price", "number", positive=True, optional=True),
    ),
    "open_interest": (
        _MOMENT,
        _SYMBOL,
        Column("open_interest_coins", "number", least=0),
        Column("open_interest_usd", "number", least=0),
    ),
    "sentiment": (
        _MOMENT,
        Column("value", "number", least=0, most=100),
        Column("classification", "text", optional=True),
    ),
    "market_cap": (_MOMENT, Column("usd", "number", positive=True)),
}
