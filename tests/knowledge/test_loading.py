"""Files become documents, or the error names file, line and field."""

import re
from pathlib import Path

import pytest

from knowledge.errors import DocumentInvalid, UnsupportedSource
from knowledge.loading.events import load_event
from knowledge.loading.faq import load_faq
from knowledge.loading.glossary import load_glossary
from knowledge.loading.markdown import load_markdown
from knowledge.sources import Shelf


def test_an_article_has_its_front_matter_and_sections(shelf: Path) -> None:
    document = load_markdown(shelf / "articles/mark-price.md", front_matter="required")
    assert document.title == "Mark price and last price"
    assert [section.anchor for section in document.sections] == [
        "introduction",
        "how-the-mark-price-is-built",
        "why-the-last-price-differs",
    ]
    assert str(document.sources[0].url) == "https://example.org/mark"


@pytest.mark.parametrize(
    ("change", "line", "field"),
    [
        (("level: beginner", "level: expert"), 4, "level"),
        (("updated: 2026-11-24", "updated: someday"), 5, "updated"),
        (("title: Mark price and last price\n", ""), 2, "title"),
        (("    url: https://example.org/mark", "    url: not a link"), 8, r"sources\.0\.url"),
        (("topic: liquidations", "topic: liquidations\ncolour: red"), 4, "colour"),
        (("level: beginner", "level: [beginner"), 5, "yaml"),
        (("---\n\nThe mark", "\nThe mark"), 1, "front matter"),
    ],
)
def test_broken_front_matter_names_file_line_and_field(
    shelf: Path, change: tuple[str, str], line: int, field: str
) -> None:
    path = shelf / "articles/mark-price.md"
    path.write_text(path.read_text().replace(*change, 1))
    with pytest.raises(DocumentInvalid, match=rf"{re.escape(str(path))}:{line}: field '{field}': .+; .+"):
        load_markdown(path, front_matter="required")


def test_an_article_without_front_matter_is_refused_on_the_shelf_and_read_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# My notes\n\nLeverage multiplies losses.\n")
    with pytest.raises(DocumentInvalid, match="is missing"):
        load_markdown(path, front_matter="required")
    assert load_markdown(path).title == "My notes"


def test_an_empty_article_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.md"
    path.write_text("\n")
    with pytest.raises(DocumentInvalid, match="has no text"):
        load_markdown(path)


def test_a_faq_entry_keeps_its_question_and_alternates(shelf: Path) -> None:
    (section,) = load_faq(shelf / "faq/basics.yaml").sections
    assert section.questions[0] == "Who gets my margin when I am liquidated?"
    assert len(section.questions) == 3


def test_a_faq_entry_with_one_alternate_is_refused(shelf: Path) -> None:
    path = shelf / "faq/basics.yaml"
    path.write_text(path.read_text().replace("      - does binance keep my collateral\n", ""))
    with pytest.raises(DocumentInvalid, match=r"basics\.yaml:7: field 'entries\.0\.alternates'"):
        load_faq(path)


def test_a_glossary_term_is_found_by_each_of_its_names(shelf: Path) -> None:
    (section,) = load_glossary(shelf / "glossary/glossary.yaml").sections
    assert section.questions == ("What is Auto-deleveraging?", "What is ADL?")


def test_an_event_with_a_wrong_grade_names_the_figure(shelf: Path) -> None:
    path = shelf / "events/2022-11_ftx.yaml"
    path.write_text(path.read_text().replace("grade: A", "grade: Z"))
    with pytest.raises(DocumentInvalid, match=r"field 'figures\.0\.grade'"):
        load_event(path)


def test_two_documents_with_one_slug_are_refused(shelf: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "funding.md"
    own.parent.mkdir()
    own.write_text("Our own text about funding.")
    shelf_of_user = Shelf(shelf, tmp_path / "home")
    with pytest.raises(DocumentInvalid, match="slug 'funding' is taken"):
        shelf_of_user.add([own])
    assert shelf_of_user.added() == ()


@pytest.mark.parametrize("name", ["report.docx", "missing.md"])
def test_what_no_loader_reads_is_refused_and_not_remembered(shelf: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "report.docx":
        path.write_bytes(b"PK")
    shelf_of_user = Shelf(shelf, tmp_path / "home")
    with pytest.raises(UnsupportedSource, match=re.escape(name)):
        shelf_of_user.add([path])
    assert shelf_of_user.added() == ()
