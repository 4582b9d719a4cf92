"""How a passage stands to a question, as the numbers from which its grade is worked out. Decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.document import Passage
from knowledge.embedding import Vectors
from knowledge.gazetteer import Gazetteer
from knowledge.hits import Hit
from rag.frame import Frame
from rag.judge.compiled import Compiled, PassageFrame

NAMES: tuple[str, ...] = (
    "text", "question", "questions_3", "questions_8", "miss", "over_miss", "lead", "text_lead", "rank",
    "similarity", "question_similarity", "words", "score",
    "covered", "names", "confined_elsewhere", "confined_unnamed", "confined", "unknown", "about",
    "kind", "yes_no", "settles", "stands_alone", "faq", "glossary", "event", "article", "added",
    "explain", "published", "rank_route", "market", "calculate", "outside",
)  # fmt: skip
"""The order of the numbers."""

_CANDIDATES = 14


@dataclass(frozen=True)
class Candidates:
    """Passages that may answer, with their numbers: `rows` has shape (len(passages), len(NAMES)).

    `missing` are for each the names of what the question names and the passage does not speak of.
    """

    passages: Sequence[Passage]
    rows: Vectors
    missing: Sequence[tuple[str, ...]]


class Features:
    """Works out the numbers from the compiled shelf and from what the search found."""

    def __init__(self, compiled: Compiled, gazetteer: Gazetteer) -> None:
        self._compiled = compiled
        self._gazetteer = gazetteer

    def candidates(
        self,
        frame: Frame,
        hits: Sequence[Hit],
        passages: Mapping[str, Passage],
        added: Mapping[str, float],
        without: "np.ndarray[tuple[int], np.dtype[np.bool_]] | None" = None,
    ) -> Candidates:
        """The passages nearest by what is compiled, and all `hits`; `added` has text cosines of the others."""
        near = self._compiled.nearness(frame.meaning, without)
        combined = near[:, 0] + near[:, 2]
        found = {hit.passage.id: hit for hit in hits}
        order = [self._compiled.ids[place] for place in np.argsort(-combined, kind="stable")[: 2 * _CANDIDATES]]
        chosen = [id_ for id_ in order if id_ in passages][:_CANDIDATES]
        chosen += [id_ for id_ in found if id_ in passages and id_ not in chosen]
        table = (
            np.stack([self._near(id_, near, added) for id_ in chosen]) if chosen else np.zeros((0, 5), dtype=np.float32)
        )
        ranks = np.argsort(np.argsort(-(table[:, 0] + table[:, 2]), kind="stable"), kind="stable")
        missing = [self._missing(frame, passages[id_]) for id_ in chosen]
        rows = [
            self._row(frame, passages[id_], table, place, int(ranks[place]), found.get(id_), len(missing[place]))
            for place, id_ in enumerate(chosen)
        ]
        numbers = np.array(rows, dtype=np.float32).reshape(-1, len(NAMES))
        return Candidates([passages[id_] for id_ in chosen], numbers, missing)

    def _near(self, id_: str, near: Vectors, added: Mapping[str, float]) -> Vectors:
        place = self._compiled.place.get(id_)
        if place is not None:
            known: Vectors = near[place]
            return known
        text = added.get(id_, 0.0)
        return np.array([text, text, text, text, 0.0], dtype=np.float32)

    def _row(
        self, frame: Frame, passage: Passage, table: Vectors, place: int, rank: int, hit: Hit | None, lacking: int
    ) -> list[float]:
        text, question, few, several, miss = (float(value) for value in table[place])
        others = np.delete(table, place, axis=0)
        lead = few - float(others[:, 2].max()) if len(others) else 0.0
        text_lead = text - float(others[:, 0].max()) if len(others) else 0.0
        judged = self._compiled.frames.get(passage.id, PassageFrame())
        named = {entity.id for entity in frame.entities} | {event.id for event in frame.events}
        asked_of = len(frame.entities) + len(frame.events)
        covered = 1 - lacking / asked_of if asked_of else 1.0
        confined = bool(judged.only)
        meets = bool(named & set(judged.only))
        kinds = sum(frame.kinds[kind] for kind in judged.answers)
        return [
            text, question, few, several, miss, few - miss, lead, text_lead, min(rank, 10) / 10,
            *((hit.similarity, hit.question_similarity, hit.bm25, hit.score) if hit else (0.0, 0.0, 0.0, 0.0)),
            covered, min(len(named), 3) / 3, float(confined and bool(named) and not meets),
            float(confined and not named), float(confined), min(len(frame.unknown), 2) / 2,
            len(named & set(judged.about)) / max(1, len(named)),
            kinds, frame.yes_no, float(judged.settles), float(judged.stands_alone),
            *(float(passage.kind == kind) for kind in ("faq", "glossary", "event", "article")),
            float(passage.id not in self._compiled.place),
            *(frame.routes[route] for route in ("explain", "published", "rank", "market", "calculate")),
            frame.guards["outside"],
        ]  # fmt: skip

    def _missing(self, frame: Frame, passage: Passage) -> tuple[str, ...]:
        """Names of the entities and crashes that the question names and the passage does not speak of."""
        judged = self._compiled.frames.get(passage.id, PassageFrame())
        known = {*judged.about, *judged.only}
        lacking = [
            entity.name
            for entity in frame.entities
            if entity.id not in known and not self._gazetteer.named_in(entity, passage.embedded_text)
        ]
        lacking += [e.name for e in frame.events if e.id not in known and e.slug != passage.slug]
        return tuple(dict.fromkeys(lacking))
