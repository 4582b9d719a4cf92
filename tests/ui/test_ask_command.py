"""`ask` answers with receipts, or fails with one clear line."""

import json
from collections.abc import Callable

import pytest

from tests.ui.conftest import Done

Run = Callable[..., Done]


def test_a_definition_is_answered_with_a_passage_receipt(run: Run) -> None:
    answer = json.loads(run("ask", "What are forced liquidations in crypto trading?", "--json").stdout)
    assert answer["status"] == "answered"
    assert "passage" in {item["kind"] for item in answer["evidence"]}
    assert answer["answer"].rstrip().endswith("]")


def test_a_published_number_comes_with_source_and_date(run: Run) -> None:
    answer = json.loads(run("ask", "How much was liquidated on 10 October 2025?", "--json").stdout)
    figures = [item for item in answer["evidence"] if item["kind"] == "figure"]
    assert "19.16 billion USD" in answer["claims"][0]["text"]
    assert figures[0]["source_url"]
    assert figures[0]["as_of"]


def test_a_question_about_now_gives_a_reading_with_window_source_as_of_and_mode(run: Run) -> None:
    answer = json.loads(run("ask", "How far is bitcoin below its all-time high right now?", "--json").stdout)
    (reading,) = [item for item in answer["evidence"] if item["kind"] == "reading"]
    assert reading["detail"]["metric"] == "drawdown_from_ath"
    assert reading["detail"]["mode"] == "reconstruction"
    assert reading["as_of"] == answer["data"]["as_of"]
    assert "5 November 2025" in answer["answer"]


def test_a_question_outside_the_topic_is_declined_with_what_can_be_asked(run: Run) -> None:
    answer = json.loads(run("ask", "Who won the football world cup in 2022?", "--json").stdout)
    assert answer["status"] == "abstained"
    assert answer["follow_ups"]
    assert not answer["evidence"]


def test_asking_for_a_verdict_is_met_with_education(run: Run) -> None:
    answer = json.loads(run("ask", "should I sell?", "--json").stdout)
    assert answer["status"] == "educated"
    assert answer["evidence"]
    assert "not financial advice" in answer["notice"]
    assert "not financial advice" not in answer["answer"]


def test_a_follow_up_takes_the_question_from_the_history(run: Run) -> None:
    history = '["How far is BTC below its all-time high right now?"]'
    answer = json.loads(run("ask", "and for ETH?", "--history", history, "--json").stdout)
    assert "all-time high" in answer["standalone_question"]
    assert "ETH" in answer["standalone_question"]
    assert [item["detail"]["asset"] for item in answer["evidence"] if item["kind"] == "reading"] == ["ETH"]


def test_the_answer_has_exactly_the_promised_fields(run: Run) -> None:
    answer = json.loads(run("ask", "What is leverage?", "--json").stdout)
    assert list(answer) == [
        "id", "question", "standalone_question", "status", "answer", "claims", "evidence", "data",
        "abstention", "guard", "partial", "follow_ups", "model", "timings_ms", "notice",
    ]  # fmt: skip
    assert list(answer["data"]) == ["mode", "source", "latest", "as_of", "stale"]
    assert set(answer["timings_ms"]) == {"understand", "retrieve", "plan", "judge", "compose", "verify", "total"}


def test_the_same_question_gives_the_same_answer_twice(run: Run) -> None:
    first, second = (json.loads(run("ask", "whats going on with btc", "--json").stdout) for _ in range(2))
    assert first.pop("timings_ms") != {}
    second.pop("timings_ms")
    assert first == second


def test_the_question_may_come_from_standard_input(run: Run) -> None:
    assert "margin" in run("ask", "-", stdin="What is maintenance margin?\n").stdout
    assert "margin" in run("ask", stdin="What is maintenance margin?\n").stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("ask", "  "), 1, "the question is empty"),
        (("ask", "x" * 2001), 1, "more than 2000"),
        (("ask", "hi", "--as-of", "tomorrow"), 2, "2025-11-05T00:00:00Z"),
        (("ask", "hi", "--as-of", "2025-11-05"), 2, "time zone"),
        (("ask", "hi", "--history", "{"), 2, "JSON list"),
        (("ask",), 2, "Missing argument"),
    ],
)
def test_bad_input_is_one_clear_line_and_the_right_exit_code(
    run: Run, words: tuple[str, ...], code: int, message: str
) -> None:
    done = run(*words)
    assert done.returncode == code
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_wrong_setting_is_one_clear_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKET_PULSE_RAG_PASSAGES", "many")
    done = run("ask", "What is leverage?")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: MARKET_PULSE_RAG_PASSAGES: ")
    assert done.stderr.count("\n") == 1
