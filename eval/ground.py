"""What a run stands on: knowledge, market data, settings, cases, scorers and code, each by a fingerprint.

Runs on the same ground give the same results; a run on another ground may only be compared when asked to.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict

import knowledge
import market
import rag
from eval.case import Case
from eval.scoring.score import all_scorers
from knowledge.index import Index
from knowledge.settings import KnowledgeSettings
from market.market import Market
from market.tables import TABLES, Kind, table
from rag.settings import RagSettings

_APART = {"question_log", "question_log_url", "question_log_days", "model_api_key", "log_stages", "traces"}


class Ground(BaseModel):
    """`settings` are those that shape answers; `code` is the version and a hash of the rooms that answer."""

    model_config = ConfigDict(frozen=True)

    corpus: str
    embedder: str
    market_data: str
    data_mode: str
    data_source: str | None
    as_of: datetime
    settings: Mapping[str, str]
    model: str
    code: str
    cases: str
    scorers: Mapping[str, Mapping[str, float | int | str]]


def ground_of(
    index: Index, market_room: Market, rag_settings: RagSettings, knowledge_settings: KnowledgeSettings,
    cases: Sequence[Case],
) -> Ground:  # fmt: skip
    """The ground of a run of `cases` begun now."""
    status = market_room.status()
    settings = knowledge_settings.model_dump(mode="json", exclude={"content", "model_path"})
    settings |= rag_settings.model_dump(mode="json", exclude=_APART)
    return Ground(
        corpus=index.fingerprint,
        embedder=index.embedder.name,
        market_data=_market_fingerprint(market_room),
        data_mode=status.mode,
        data_source=status.source,
        as_of=status.as_of,
        settings={name: str(value) for name, value in sorted(settings.items())},
        model=rag_settings.model,
        code=f"{version('market-pulse')}+{_code_fingerprint()}",
        cases=_digest(case.model_dump_json() for case in cases),
        scorers={name: dict(scorer.parameters) for name, scorer in all_scorers().items()},
    )


def _market_fingerprint(market_room: Market) -> str:
    """Equal for stores that hold the same rows, in whatever order they were written."""
    kinds: tuple[Kind, ...] = tuple(sorted(TABLES))
    return _digest(f"{kind} {_rows_hash(market_room, kind)}" for kind in kinds)


def _rows_hash(market_room: Market, kind: Kind) -> str:
    columns = sorted(TABLES[kind].columns)

    def hashed() -> "object":
        rows = table(kind)
        return rows.aggregate(rows=rows.count(), **{name: rows[name].hash().bit_xor() for name in columns})

    found = market_room.store.rows(("fingerprint", kind), hashed, {})
    return str(found)


def _code_fingerprint() -> str:
    rooms = [Path(str(room.__file__)).parent for room in (knowledge, market, rag)]
    files = sorted(file for room in rooms for ending in ("*.py", "*.yaml") for file in room.rglob(ending))
    shelf = {"articles", "faq", "glossary", "events", "tapes"}
    code = [file for file in files if not shelf.intersection(file.parts)]
    return _digest(file.read_text(encoding="utf-8") for file in code)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
