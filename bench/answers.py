"""How long a warm answer takes, over every committed evaluation question."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from eval.case import COMMITTED, load_cases
from rag.question import Question
from ui.app import build_app


def answer_latency(home: Path) -> Iterator[tuple[str, str]]:
    """Asks all questions once to warm up, then once measured."""
    app = build_app(home)
    questions = [Question.ask(case.question, case.history, case.as_of) for case in load_cases(COMMITTED)]
    for question in questions:
        app.ask(question)
    taken = []
    stages: dict[str, list[float]] = {}
    for question in questions:
        start = time.perf_counter()
        answer = app.ask(question)
        taken.append((time.perf_counter() - start) * 1000)
        for stage, took in answer.timings_ms.items():
            stages.setdefault(stage, []).append(took)
    yield f"warm answer over {len(questions)} questions, p50", f"{np.percentile(taken, 50):.0f} ms"
    yield "warm answer, p95", f"{np.percentile(taken, 95):.0f} ms"
    for stage, times in stages.items():
        yield f"  {stage}, p50 / p95", f"{np.percentile(times, 50):.1f} / {np.percentile(times, 95):.1f} ms"
