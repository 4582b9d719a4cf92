"""A real small model, which invents freely, behind the verifier: nothing it invents is shown.

A bounded sample; docs/verification.md tells of the whole suite, asked with `market-pulse eval run`.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench.smollm import NAME, serving
from eval.scoring.advice import advises
from rag.question import Question
from rag.settings import RagSettings
from rag.verifying import unsupported_numbers
from ui.app import App, open_writer

pytest.importorskip("xllamacpp")


@pytest.fixture(scope="module")
def house(app: App) -> Iterator[App]:
    with serving() as url:
        settings = RagSettings(model=url, model_name=NAME, model_tokens=64, model_evidence=2, model_timeout_seconds=300)
        writer = open_writer(settings, app.stages.verifier, app.market)
        yield app.with_stages(replace(app.stages, writer=writer, settings=settings))


@pytest.mark.parametrize(
    "question",
    [
        "What is open interest?",
        "How much was liquidated on 10 October 2025?",
        "How far is bitcoin below its all-time high right now?",
    ],
)
def test_nothing_a_real_model_invents_is_shown(house: App, question: str) -> None:
    explained = house.explain(Question.ask(question))
    written, answer = explained.trace.generation, explained.answer
    assert written is not None
    assert written.sentences, "the model wrote nothing"
    receipts = {item.n: item for item in answer.evidence}
    for claim in answer.claims:
        cited = [receipts[n] for n in claim.evidence]
        assert unsupported_numbers(claim.text, cited) == ()
        assert not advises(claim.text)
    shown = {claim.text for claim in answer.claims}
    assert not shown & {one.text for one in written.sentences if not one.kept}
    assert answer.model == (NAME if written.used else "composer")
