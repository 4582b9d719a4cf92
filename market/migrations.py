"""How a store of an older schema version becomes one of this version: statements that both engines understand.

A step is history: it says what was changed then, and is not written anew when the tables change again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from market.tables import SCHEMA_VERSION


@dataclass(frozen=True)
class Step:
    """From one version to the next. `postgres` is for that engine alone, whose tables have primary keys."""

    statements: tuple[str, ...]
    postgres: tuple[str, ...] = ()


STEPS: Mapping[int, Step] = {
    # When a liquidation was received, when a stream was not heard, and how each feed is doing.
    1: Step(
        statements=(
            "ALTER TABLE liquidations ADD COLUMN received_utc TIMESTAMP",
            "CREATE TABLE stream_gaps (exchange TEXT, begins_utc TIMESTAMP, ends_utc TIMESTAMP, backfilled TEXT)",
            "CREATE TABLE feed_states (name TEXT, kind TEXT, asset TEXT, source TEXT, checked_utc TIMESTAMP, "
            "answered_utc TIMESTAMP, newest_utc TIMESTAMP, error TEXT, malformed BIGINT)",
        ),
        postgres=(
            "ALTER TABLE stream_gaps ADD PRIMARY KEY (exchange, begins_utc)",
            "ALTER TABLE feed_states ADD PRIMARY KEY (name)",
        ),
    ),
}
"""By the version they start from."""


def can_migrate(found: int) -> bool:
    """Whether steps lead from version `found` to this program's."""
    return found < SCHEMA_VERSION and all(version in STEPS for version in range(found, SCHEMA_VERSION))


def migrate(execute: Callable[[str], object], found: int, *, postgres: bool = False) -> None:
    """Takes every step from version `found` on, inside the caller's transaction."""
    for version in range(found, SCHEMA_VERSION):
        step = STEPS[version]
        for statement in (*step.statements, *(step.postgres if postgres else ())):
            execute(statement)
    execute(f"UPDATE schema_version SET version = {SCHEMA_VERSION}")  # noqa: S608 - a number of ours
