"""The labels that training reads: written questions, judgements and messages, each with who wrote it."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.chunking import passages_of
from knowledge.document import Passage
from knowledge.embedding import Embedder
from knowledge.settings import BUNDLED_CONTENT, KnowledgeSettings
from knowledge.sources import Shelf

LABELS = Path(__file__).parent / "labels"
SEED = 7


@dataclass(frozen=True)
class Written:
    """A question that a passage answers, or nearly answers (`miss`), and its author."""

    passage: str
    text: str
    author: int
    miss: bool = False


@dataclass(frozen=True)
class Judged:
    """A question and the grades (0 topic alone, 1 a part, 2 answers) that a reader gave to passages for it."""

    question: str
    grades: dict[str, int]
    judge: str
    origin: str
    origin_passage: str | None


def passages() -> dict[str, Passage]:
    """The passages of the bundled shelf by id."""
    embedder = Embedder.packaged()
    room = KnowledgeSettings.model_fields["passage_tokens"].default
    with tempfile.TemporaryDirectory() as scratch:
        documents = Shelf(BUNDLED_CONTENT, Path(scratch)).documents()
    return {p.id: p for document in documents for p in passages_of(document, embedder.count_tokens, room)}


def written(shelf: dict[str, Passage]) -> list[Written]:
    """The questions written for passages that are still there, and those that editors put beside their entries."""
    rows = [row for row in lines("questions_by_passage.jsonl") if row["passage"] in shelf]
    found = [Written(row["passage"], text, row["author"]) for row in rows for text in row["questions"]]
    found += [Written(row["passage"], text, row["author"], miss=True) for row in rows for text in row["near_misses"]]
    for passage in shelf.values():
        own = dict.fromkeys((*passage.questions, *passage.premises, *passage.truths))
        found += [Written(passage.id, text, 0) for text in own]
    return found


def judged() -> list[Judged]:
    """Every judgement, the older ones first."""
    found = [
        Judged(row["question"], row["grades"], str(row["judge"]), row["origin"], row["origin_passage"])
        for row in lines("judgements.jsonl")
    ]
    found += [
        Judged(row["question"], row["grades"], row["judge"], row["origin"], None)
        for row in lines("judgements_of_strangers.jsonl")
    ]
    return found


def lines(name: str) -> Iterator[dict[str, Any]]:
    """The rows of a label file."""
    with (LABELS / name).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
