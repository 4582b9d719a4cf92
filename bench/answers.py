"""How long a warm answer takes and how many come in a second, beside the LangChain tutorial's pipeline with SmolLM2.

    python -m bench.answers [--seconds 45] [--home DIR]

The tutorial's pipeline answers for so many seconds one question at a time, then as long for eight clients at once.
"""

import argparse
import asyncio
import itertools
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from bench import smollm
from bench.tutorial import tutorial
from eval.case import COMMITTED, load_cases
from rag.question import Question
from ui.app import App, build_app

Asked = TypeVar("Asked")

_CLIENTS = 8
_OUR_SECONDS = 10.0
_TOKENS = 128
"""The model's longest answer: three sentences fit, and a bench must end."""


class Measured(NamedTuple):
    """How long each answer took, and how many came in a second."""

    taken: Sequence[float]
    per_second: float

    @property
    def p50_p95(self) -> str:
        return " / ".join(f"{value * 1000:.0f}" for value in np.percentile(self.taken, [50, 95])) + " ms"


def answer_latency(home: Path) -> Iterator[tuple[str, str]]:
    """Asks all questions once to warm up, then once measured."""
    app = build_app(home)
    questions = _questions()
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


def beside_the_tutorial(home: Path, seconds: float) -> Iterator[tuple[str, str]]:
    """The composer and the tutorial's pipeline on the same questions, one after the other, with eight clients each."""
    app = build_app(home)
    ours = asyncio.run(_crowd(app.explaining.ainvoke, _questions(), _CLIENTS, _OUR_SECONDS))
    yield f"composer with {_CLIENTS} clients, answers per second", f"{ours.per_second:.1f}"
    yield "  p50 / p95", ours.p50_p95
    with smollm.serving(slots=_CLIENTS, context=2048, threads=os.cpu_count() or 1) as url:
        alone, crowd = asyncio.run(_of_the_tutorial(app, url, seconds))
    yield f"tutorial with SmolLM2, {len(alone.taken)} answers one by one, p50 / p95", alone.p50_p95
    yield f"tutorial with {_CLIENTS} clients, answers per second", f"{crowd.per_second:.2f}"
    yield "  p50 / p95", crowd.p50_p95
    yield "composer's answers per second over the tutorial's", f"{ours.per_second / crowd.per_second:.0f} times"


async def _of_the_tutorial(app: App, url: str, seconds: float) -> tuple[Measured, Measured]:
    pipeline = tutorial(app.library.documents(), app.library.index.embedder, url, _TOKENS)
    asked = [question.text for question in _questions() if not question.history]
    await pipeline.ainvoke(asked[-1])
    alone = await _crowd(pipeline.ainvoke, asked, 1, seconds)
    return alone, await _crowd(pipeline.ainvoke, asked, _CLIENTS, seconds)


async def _crowd(
    answer: Callable[[Asked], Awaitable[object]], asked: Sequence[Asked], clients: int, seconds: float
) -> Measured:
    """So many clients ask without a pause; whoever has asked when the time is up is still answered, and counts."""
    following = itertools.cycle(asked)
    taken: list[float] = []
    begun = time.perf_counter()

    async def client() -> None:
        while time.perf_counter() < begun + seconds:
            start = time.perf_counter()
            await answer(next(following))
            taken.append(time.perf_counter() - start)

    await asyncio.gather(*(client() for _ in range(clients)))
    return Measured(taken, len(taken) / (time.perf_counter() - begun))


def _questions() -> list[Question]:
    return [Question.ask(case.question, case.history, case.as_of) for case in load_cases(COMMITTED)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=45)
    parser.add_argument("--home", type=Path, default=None)
    given = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        for name, value in itertools.chain(answer_latency(home), beside_the_tutorial(home, given.seconds)):
            print(f"{name:<64} {value}", flush=True)


if __name__ == "__main__":
    main()
