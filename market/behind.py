"""The rows of a window that a reading stands on, with their origin: what a figure draws."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from market.query import Row
from market.reading import Mode


class Behind(BaseModel):
    """`rows` in the order and the columns that were asked for; their times are UTC without a zone, as stored.

    `completeness` says how much of the window is there; what a reconstruction adds to that is left out.
    """

    model_config = ConfigDict(frozen=True)

    rows: Sequence[Row]
    asset: str
    window: timedelta
    as_of: datetime
    source: str
    mode: Mode
    interval: timedelta | None
    completeness: str
