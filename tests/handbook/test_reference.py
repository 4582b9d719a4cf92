"""The reference in `docs/` says what the code says now, and every command it shows is one there is."""

import pytest

from handbook.__main__ import DOCS
from handbook.reference import reference
from tests.conftest import ROOT


@pytest.mark.parametrize("name", list(reference()))
def test_the_committed_reference_is_the_one_the_code_gives(name: str) -> None:
    assert (DOCS / "reference" / name).read_text("utf-8") == reference()[name], "run 'python -m handbook'"


def test_every_picture_a_page_shows_is_there() -> None:
    shown = {
        line.partition("](")[2].partition(")")[0]
        for page in (*DOCS.glob("*.md"), ROOT / "README.md")
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("![")
    }
    assert len(shown) >= 6
    assert [picture for picture in shown if not (DOCS / picture.removeprefix("docs/")).is_file()] == []
