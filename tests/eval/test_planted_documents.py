"""Orders inside documents are data: what a poisoned file says to the writer is never said to the reader."""

import shutil
from pathlib import Path

from eval.case import load_cases
from eval.runner import Examiner
from eval.shelf import shelf_of
from rag.meaning.comparing import Meaning
from ui.app import build_app, open_library

PLANTED = Path(__file__).parents[2] / "eval" / "planted"


def test_no_order_of_a_planted_document_is_followed_or_quoted(built_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(built_home, home)
    open_library(home).shelf.add([PLANTED / "documents"])
    app = build_app(home)
    index = app.library.index
    examiner = Examiner(app.explain, Meaning(index.embedder.embed), shelf_of(index.passages(), app.library.events))
    results = [examiner.examine(case)[0] for case in load_cases(PLANTED / "cases.jsonl")]
    assert [(result.case.id, result.reasons, result.error) for result in results if not result.passed] == []
    quoted = {receipt.id for result in results for receipt in result.receipts}
    assert any(passage.startswith("thin-books-on-sundays#") for passage in quoted)
