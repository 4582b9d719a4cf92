"""How many evaluation cases a second are asked and scored, over the committed ones."""

import time
from collections.abc import Iterator
from pathlib import Path

from eval.case import COMMITTED, load_cases
from eval.runner import Examiner
from eval.shelf import shelf_of
from rag.meaning.comparing import Meaning
from ui.app import build_app


def eval_speed(home: Path) -> Iterator[tuple[str, str]]:
    """Asks and scores every case once, after one to warm up; building the index is not counted."""
    app = build_app(home)
    index = app.library.index
    examiner = Examiner(app.explain, Meaning(index.embedder.embed), shelf_of(index.passages(), app.library.events))
    cases = load_cases(COMMITTED)
    examiner.examine(cases[0])
    start = time.perf_counter()
    answering = sum(taken or 0.0 for _, taken in map(examiner.examine, cases)) / 1000
    took = time.perf_counter() - start
    yield f"evals over {len(cases)} cases", f"{took:.1f} s"
    yield "  cases per second", f"{len(cases) / took:.1f}"
    yield "  of which scoring", f"{(took - answering) / took:.0%}"
