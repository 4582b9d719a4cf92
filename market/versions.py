"""How often each table of a store was written: what is known of one stays known while others are written."""

from collections.abc import Iterable, Mapping
from threading import Lock

from market.tables import SCHEMAS, Table


class Versions:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[Table, int] = dict.fromkeys(SCHEMAS, 0)

    def of(self, table: Table) -> int:
        return self._counts[table]

    def all(self) -> Mapping[Table, int]:
        return dict(self._counts)

    def grow(self, tables: Iterable[Table]) -> None:
        with self._lock:
            for table in tables:
                self._counts[table] += 1
