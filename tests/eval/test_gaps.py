"""Unanswered questions of one meaning are one gap."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import yaml

from eval.gaps import clusters, gap_lines, write_csv, write_stubs
from knowledge.embedding import Embedder
from rag.questionlog import LoggedQuestion


def asked(*questions: str, rating: str | None = None) -> list[LoggedQuestion]:
    return [
        LoggedQuestion.model_validate(
            {"asked_at": datetime(2025, 11, 5, tzinfo=UTC), "face": "chat", "question": question,
             "standalone": question, "status": "abstained", "reason": "not_in_knowledge", "rating": rating}
        )
        for question in questions
    ]  # fmt: skip


GAPS = asked(
    "what is a funding arbitrage trade", "How does funding rate arbitrage work?", "explain funding arbitrage",
    "explain funding arbitrage", "Who audits the reserves of Binance?", "who checks binance's reserves",
)  # fmt: skip


def test_questions_of_one_meaning_are_clustered_most_frequent_first(embedder: Embedder) -> None:
    found = clusters(GAPS, embedder.embed)
    assert [cluster.count for cluster in found] == [4, 2]
    assert "arbitrage" in found[0].question
    assert found[0].reasons == {"not_in_knowledge": 4}
    assert clusters(list(reversed(GAPS)), embedder.embed) == found


def test_no_questions_give_no_clusters(embedder: Embedder) -> None:
    assert clusters([], embedder.embed) == []
    assert gap_lines([]).strip() == "[]"


def test_the_csv_holds_counts_and_no_formula(tmp_path: Path, embedder: Embedder) -> None:
    found = clusters([*GAPS, *asked("=HYPERLINK(1) cat pictures", rating="down")], embedder.embed)
    write_csv(found, tmp_path / "gaps.csv")
    rows = list(csv.DictReader((tmp_path / "gaps.csv").open(encoding="utf-8")))
    assert [row["count"] for row in rows] == ["4", "2", "1"]
    assert rows[2]["question"] == "'=HYPERLINK(1) cat pictures"
    assert rows[2]["rated_badly"] == "1"


def test_stubs_have_the_form_of_faq_entries(tmp_path: Path, embedder: Embedder) -> None:
    write_stubs(clusters(GAPS, embedder.embed), tmp_path / "stubs.yaml")
    written = yaml.safe_load((tmp_path / "stubs.yaml").read_text("utf-8"))
    first = written["entries"][0]
    assert set(first) == {"id", "question", "alternates", "answer", "sources"}
    assert first["answer"].startswith("TODO")
    assert len(first["alternates"]) == 2
