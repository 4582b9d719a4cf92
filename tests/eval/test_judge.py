"""A language model may give its opinion; it stands apart, with the model and the prompt that made it."""

import json
from pathlib import Path
from typing import cast

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableLambda

from eval.errors import JudgeUnavailable
from eval.judge import PROMPT, Verdict, judge_run, write_verdicts
from tests.eval.conftest import result, run_of


class Opinionated:
    """Stands where a chat model would: remembers what it was shown and finds everything helpful."""

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def with_structured_output(self, _schema: type[Verdict]) -> Runnable[str, Verdict]:
        def judged(prompt: str) -> Verdict:
            self.prompts.append(prompt)
            return Verdict(helpful="yes", faithful="yes", reason="It answers.")

        return RunnableLambda(judged)


class Away(Opinionated):
    def with_structured_output(self, _schema: type[Verdict]) -> Runnable[str, Verdict]:
        def judged(prompt: str) -> Verdict:
            raise ConnectionError(prompt[:0] + "no route to host")

        return RunnableLambda(judged)


def test_verdicts_are_written_with_model_and_prompt_and_without_failed_cases(tmp_path: Path) -> None:
    model = Opinionated()
    results = [result(0), result(1, error="ValueError: gone", passed=False)]
    path = write_verdicts(results, cast("BaseChatModel", model), "fake:model", tmp_path)
    written = json.loads(path.read_text("utf-8"))
    assert (written["model"], written["prompt"]) == ("fake:model", PROMPT)
    assert list(written["verdicts"]) == ["case-0"]
    assert "<question>How much?</question>" in model.prompts[0]


def test_a_model_that_cannot_be_reached_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(JudgeUnavailable, match=r"fake:model did not judge case-0: no route to host; check the model"):
        write_verdicts([result(0)], cast("BaseChatModel", Away()), "fake:model", tmp_path)


@pytest.mark.parametrize(
    ("model", "reason"), [("ollama:llama3.2", "langchain-ollama"), ("nobody:none", "such as ollama:llama3.2")]
)
def test_a_model_that_cannot_be_opened_says_what_is_missing(tmp_path: Path, model: str, reason: str) -> None:
    with pytest.raises(JudgeUnavailable, match=reason):
        judge_run(run_of([True]), model, tmp_path)
