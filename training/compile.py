"""Compiles what readers wrote and judged into the arrays that the judge looks up.

    python -m training.compile      needs rag/weights/encoder.onnx; a few minutes

Every written question, near miss and passage becomes a vector of the encoder, kept as int8; what each passage was found
to answer becomes a frame whose names are ids of the gazetteer and of the events.
"""

import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import numpy as np

from knowledge.document import Passage
from knowledge.embedding import Embedder
from knowledge.gazetteer import Gazetteer
from knowledge.settings import BUNDLED_CONTENT
from knowledge.sources import Shelf
from rag.events import EventFinder
from rag.frame import Kind
from rag.judge.compiled import PassageFrame, narrowed
from rag.judge.encoder import Encoder
from rag.network import WEIGHTS
from rag.quantities import quantities
from training.corpus import Written, lines, passages, written


def main() -> int:
    shelf = passages()
    ids = sorted(shelf)
    place = {id_: number for number, id_ in enumerate(ids)}
    encoder = Encoder(Embedder.packaged().folder / "tokenizer.json")
    everything = written(shelf)
    questions = [one for one in everything if not one.miss]
    misses = [one for one in everything if one.miss]
    np.savez_compressed(
        WEIGHTS / "compiled.npz",
        ids=np.array(ids),
        texts=narrowed(encoder.embed([shelf[id_].embedded_text for id_ in ids])),
        questions=narrowed(encoder.embed([one.text for one in questions])),
        owners=np.array([place[one.passage] for one in questions], dtype=np.int32),
        misses=narrowed(encoder.embed([one.text for one in misses])),
        miss_owners=np.array([place[one.passage] for one in misses], dtype=np.int32),
    )
    frames = passage_frames(shelf)
    said = {id_: frame.model_dump(mode="json", exclude_defaults=True) for id_, frame in sorted(frames.items())}
    (WEIGHTS / "passages.json").write_text(json.dumps(said, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(ids)} passages, {len(questions)} questions, {len(misses)} near misses\n")
    return 0


def authors(shelf: dict[str, Passage]) -> list[Written]:
    """The written questions in the order in which they are compiled."""
    return [one for one in written(shelf) if not one.miss]


def passage_frames(shelf: dict[str, Passage]) -> dict[str, PassageFrame]:
    """The frames that readers gave to the passages, with names as ids."""
    gazetteer = Gazetteer.load()
    with tempfile.TemporaryDirectory() as scratch:
        events = Shelf(BUNDLED_CONTENT, Path(scratch)).events()
    finder = EventFinder(events)
    frames = {}
    for row in lines("passage_frames.jsonl"):
        if row["id"] not in shelf:
            continue
        own = [event.id for event in events if event.slug == shelf[row["id"]].slug]
        kinds = [kind for kind in row["answers"] if kind in get_args(Kind)]
        frames[row["id"]] = PassageFrame(
            only=tuple(_ids(row["only"], gazetteer, finder) or (own if row["only"] else ())),
            about=tuple(dict.fromkeys([*_ids(row["about"], gazetteer, finder), *own])),
            answers=tuple(kinds),
            settles="yes_no" in row["answers"] or row["verdict"] in {"yes", "no"},
            stands_alone=bool(row["stands_alone"]),
        )
    return frames


def _ids(names: Iterable[str], gazetteer: Gazetteer, finder: EventFinder) -> list[str]:
    """Ids of what readers called by name: a crash by its date or its name, anything else by the gazetteer."""
    found: list[str] = []
    for name in names:
        days = [quantity.day for quantity in quantities(name) if quantity.day and not quantity.day.startswith("--")]
        crashes = [event.id for event in finder.find(name, [day for day in days if len(day) > len("2022")])]
        found += crashes or [entity.id for entity in gazetteer.entities(name)]
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    sys.exit(main())
