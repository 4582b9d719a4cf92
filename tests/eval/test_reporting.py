"""The page is one file that needs no network, shows what anyone wrote as text, and stands two runs side by side."""

import re
from pathlib import Path

from eval.reporting.cases import worst_first
from eval.reporting.page import write_page
from eval.run import Run
from tests.eval.conftest import case, ground, result, run_of


def without_plotly(page: str) -> str:
    scripts = re.compile(r"<script>.*?</script>", re.DOTALL)
    return scripts.sub(lambda match: "" if len(match[0]) > 1_000_000 else match[0], page, count=1)


def test_nothing_is_loaded_from_elsewhere(tmp_path: Path) -> None:
    page = write_page(run_of([True, False]), {}, None, tmp_path / "page.html").read_text("utf-8")
    assert len(page) > 1_000_000
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", without_plotly(page))
    assert not re.search(r"@import|url\(", without_plotly(page))


def test_what_people_wrote_is_shown_as_text(tmp_path: Path) -> None:
    asked = case(id="evil", question="<script>alert(1)</script>", must_say=['"><img src=x>'])
    evil = result(0, passed=False, case=asked, answer="<b>bold</b>", misses={"facts_found": ('"><img src=x>',)})
    page = write_page(Run(ground=ground(), results=(evil,)), {}, None, tmp_path / "page.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "<b>bold</b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_every_case_is_there_with_what_filters_need(tmp_path: Path) -> None:
    page = write_page(run_of([True, False, True]), {"case-1": 12.0}, None, tmp_path / "page.html").read_text("utf-8")
    assert page.count('<details class="case"') == 3
    assert 'data-passed="false" data-reasons="retrieved_but_not_used"' in page
    assert "; 12 ms" in page
    assert 'id="change"' not in page


def test_two_runs_stand_side_by_side(tmp_path: Path) -> None:
    before, after = run_of([True, False]), run_of([False, True])
    page = write_page(after, {}, before, tmp_path / "page.html").read_text("utf-8")
    assert "1 cases fixed, 1 broken of 2" in page
    assert page.count("<h4>Earlier: answered</h4>") == 2
    assert 'data-change="broken"' in page


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    pages = [write_page(run_of([True, False]), {}, None, tmp_path / name).read_bytes() for name in ("1", "2")]
    assert pages[0] == pages[1]


def test_people_in_distress_who_were_not_met_come_first() -> None:
    distress = result(
        1, passed=False, case=case(id="d", kind="distress", expect="decline_advice_but_educate"),
        scores={"status": 0.0}, reasons=("wrong_intent",),
    )  # fmt: skip
    advice = result(2, passed=False, reasons=("advice_given",))
    assert [one.case.id for one in worst_first([result(0), advice, distress])] == ["d", "case-2", "case-0"]
