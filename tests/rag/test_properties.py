"""What holds of the whole chain, over the real shelf and the reconstruction, whatever is asked and however it runs."""

import hashlib
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eval.case import COMMITTED, load_cases
from rag.chain import Settled, Work, build_work
from rag.draft import DraftClaim
from rag.quantities import Quantity, quantities
from rag.question import Question
from rag.verifying.bounds import bound_of
from rag.verifying.numbers import numbers_of
from tests.conftest import ROOT
from ui.app import App

_ASKED = [
    "How much was liquidated on 10 October 2025?",
    "How far is bitcoin below its all-time high right now?",
    "Compare the FTX collapse with the COVID crash",
    "I opened 0.05 btc long at 62k 20x isolated, where am I liquidated?",
    "What is the fear and greed index and what was liquidated in the last 24 hours?",
    "So open interest is how much people bought, right?",
    "Should I sell my bitcoin now?",
    "Why did Terra collapse and how low did LUNA go?",
    "whats going on with btc",
    "Wie hoch ist der Hebel?",
]

_PRINTS_DIGEST = """
import hashlib, sys
from pathlib import Path
from rag.question import Question
from ui.app import build_app
app = build_app(Path(sys.argv[1]))
whole = [app.ask(Question.ask(asked)).model_dump_json(exclude={"timings_ms"}) for asked in sys.argv[2:]]
print(hashlib.sha256("".join(whole).encode()).hexdigest())
"""

_WAYS: dict[str, Callable[[Quantity], str]] = {
    "digits": lambda known: f"{known.value:,.{_decimals(known)}f} USD",
    "bare digits": lambda known: f"{known.value:.{_decimals(known)}f} dollars",
    "sign": lambda known: f"${known.value:,.{_decimals(known)}f}",
    "thousands": lambda known: f"{_scaled(known, 1e3)} thousand USD",
    "millions": lambda known: f"{_scaled(known, 1e6)} million USD",
    "short millions": lambda known: f"${_scaled(known, 1e6)}m",
    "billions": lambda known: f"USD {_scaled(known, 1e9)}bn",
    "joined": lambda known: f"{_scaled(known, 1e6)}-million-dollar",
}


def _decimals(known: Quantity) -> int:
    return max(0, round(-math.log10(known.step)))


def _scaled(known: Quantity, scale: float) -> str:
    return f"{known.value / scale:.{_decimals(known.model_copy(update={'step': known.step / scale}))}f}"


@pytest.fixture(scope="module")
def done(app: App) -> Sequence[Work]:
    """The chain's verified work on every third committed question."""
    chain = build_work(app.stages)
    cases = load_cases(COMMITTED)[::3]
    return [chain.invoke(Question.ask(case.question, case.history, case.as_of)) for case in cases]


@pytest.fixture(scope="module")
def amounts(done: Sequence[Work]) -> Sequence[tuple[DraftClaim, Quantity]]:
    """Exact amounts of USD in the chain's sentences, each with its sentence; a range has no amount of its own."""

    def found() -> Iterator[tuple[DraftClaim, Quantity]]:
        for claim in (verdict.claim for work in done for paragraph in work.verdicts for verdict in paragraph):
            known = quantities(claim.text)
            for place, one in enumerate(known):
                beside = [*known[max(place - 1, 0) : place], *known[place + 1 : place + 2]]
                alone = all(min(abs(other.start - one.end), abs(one.start - other.end)) > 8 for other in beside)
                if one.unit == "usd" and one.value >= 1_000 and alone and bound_of(claim.text, one) == "exact":
                    yield claim, one

    return list(found())


def _said(claim: DraftClaim, known: Quantity, other: str) -> DraftClaim:
    return DraftClaim(f"{claim.text[: known.start]}{other}{claim.text[known.end :]}", claim.evidence)


@given(data=st.data(), way=st.sampled_from(sorted(_WAYS)))
def test_the_way_an_amount_is_written_never_changes_the_verdict(
    app: App, amounts: Sequence[tuple[DraftClaim, Quantity]], data: st.DataObject, way: str
) -> None:
    assert len(amounts) >= 50
    claim, known = data.draw(st.sampled_from(amounts))
    (verdict,) = app.stages.verifier.composed([_said(claim, known, _WAYS[way](known))])
    assert verdict.kept, verdict


@given(data=st.data(), way=st.sampled_from(sorted(_WAYS)), off=st.sampled_from([1.3, 1.9, 2.1, 10, 1000]))
def test_another_amount_is_dropped_however_it_is_written(
    app: App, amounts: Sequence[tuple[DraftClaim, Quantity]], data: st.DataObject, way: str, off: float
) -> None:
    claim, known = data.draw(st.sampled_from(amounts))
    wrong = known.model_copy(update={"value": known.value * off})
    stated = [one.quantity for item in claim.evidence for one in numbers_of(item)]
    assume(all(abs(one.value - wrong.value) > max(one.step, wrong.step) for one in stated))
    (verdict,) = app.stages.verifier.composed([_said(claim, known, _WAYS[way](wrong))])
    assert not verdict.kept, verdict


def _renumbered(settled: Settled) -> list[tuple[str, frozenset[str]]]:
    """The sentences in order, each with what it cites by key and not by number."""
    keys = {item.n: item.key for item in settled.evidence}
    return [(claim.text, frozenset(keys[n] for n in claim.evidence)) for part in settled.paragraphs for claim in part]


def test_evidence_in_another_order_changes_only_the_numbering(app: App, done: Sequence[Work]) -> None:
    several = 0
    for work in done:
        turned = tuple(
            tuple(replace(claim, evidence=claim.evidence[::-1]) for claim in paragraph)
            for paragraph in work.draft.paragraphs
        )
        several += turned != work.draft.paragraphs
        other = app.stages.verify(replace(work, draft=replace(work.draft, paragraphs=turned)))
        assert _renumbered(app.stages.settle(other)) == _renumbered(app.stages.settle(work))
        verdicts = [[verdict.reason for verdict in paragraph] for paragraph in work.verdicts]
        assert [[verdict.reason for verdict in paragraph] for paragraph in other.verdicts] == verdicts
    assert several >= 5


def test_passages_in_another_order_never_change_what_a_sentence_may_say(app: App, done: Sequence[Work]) -> None:
    for work in done[::4]:
        items = tuple(item for paragraph in work.draft.paragraphs for claim in paragraph for item in claim.evidence)
        for claim in (claim for paragraph in work.draft.paragraphs for claim in paragraph if claim.evidence):
            verdicts = [app.stages.verifier.written(DraftClaim(claim.text, order)) for order in (items, items[::-1])]
            assert verdicts[0].reason == verdicts[1].reason


@pytest.mark.parametrize(
    "world",
    [
        {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4711", "OMP_NUM_THREADS": "4", "TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8"},
    ],
)
def test_an_answer_is_the_same_in_every_process(
    app: App, built_home: Path, tmp_path: Path, world: dict[str, str]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(built_home, home)
    command = [sys.executable, "-c", _PRINTS_DIGEST, str(home), *_ASKED]
    environment = os.environ | world | {"PYTHONPATH": str(ROOT)}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    whole = [app.ask(Question.ask(asked)).model_dump_json(exclude={"timings_ms"}) for asked in _ASKED]
    assert told.stdout.split()[-1] == hashlib.sha256("".join(whole).encode()).hexdigest()


def test_an_answer_is_the_same_on_every_run(app: App) -> None:
    first, again = ([app.ask(Question.ask(asked)) for asked in _ASKED] for _ in range(2))
    assert [one.model_dump(exclude={"timings_ms"}) for one in first] == [
        one.model_dump(exclude={"timings_ms"}) for one in again
    ]
