"""What can go wrong in the market room; every message says what, where and what to do."""

from collections.abc import Iterable
from pathlib import Path


class MarketError(Exception):
    """Root of this room's errors."""


class UnknownMetric(MarketError):
    """No metric has this name. The message lists those that exist."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no metric '{name}'; choose one of: {', '.join(sorted(known))}")


class UnknownAsset(MarketError):
    """The store holds nothing of this asset. The message lists the assets it holds."""

    def __init__(self, asset: str, known: Iterable[str]) -> None:
        held = ", ".join(known) or "none yet"
        super().__init__(
            f"the store holds nothing of '{asset}'; choose one of: {held}, or add it with 'market-pulse market import'"
        )


class NoData(MarketError):
    """A reading would stand on no rows. The message says what was asked, what the store holds and what to do."""


class InvalidInput(MarketError):
    """A parameter or a calculator's input that cannot be right; the message gives the reason."""


class ImportRefused(MarketError):
    """A file was not imported, and nothing of it was kept. Carries where in the file the fault lies."""

    def __init__(self, path: Path, problem: str, remedy: str, *, line: int | None = None, column: str = "") -> None:
        self.path = path
        self.line = line
        self.column = column
        where = f"{path}:{line}" if line is not None else str(path)
        field = f" column '{column}':" if column else ""
        super().__init__(f"{where}:{field} {problem}; {remedy}; nothing was imported")


class StoreBusy(MarketError):
    """Another process holds the market store in a way that excludes this one."""


class StoreUnusable(MarketError):
    """The file at the store's path is not a market store, or was written by a newer version."""


class FeedFailed(MarketError):
    """A live feed gave nothing; the message says who was asked and why each of them failed."""


class LiveDataOff(MarketError):
    """Live data were asked for where the settings forbid them."""


class MalformedMessage(MarketError):
    """A venue's message lacks what it must have, or has it in a way that cannot be."""
