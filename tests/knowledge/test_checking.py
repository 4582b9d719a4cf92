"""The check finds what a strict editor would, on the line where it stands, and leaves sound text alone."""

from pathlib import Path

import pytest

from knowledge.checking.finding import Finding
from knowledge.checking.links import unsafe_host
from knowledge.checking.prose import hard_to_read, sentences
from knowledge.checking.repeats import near_duplicates
from knowledge.library import Library
from knowledge.settings import KnowledgeSettings

ARTICLE = "articles/mark-price.md"


def checked(shelf: Path, home: Path) -> list[Finding]:
    return Library(home, KnowledgeSettings(content=shelf)).check()


def edited(shelf: Path, name: str, old: str, new: str) -> Path:
    path = shelf / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def test_a_sound_shelf_has_nothing_but_its_faq_without_a_source(shelf: Path, home: Path) -> None:
    assert [(finding.rule, finding.severity) for finding in checked(shelf, home)] == [("sources", "warning")]


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "severity", "on"),
    [
        (ARTICLE, "one venue.", "one venue, [see](funding.md#none).", "links", "error", "funding.md#none"),
        (ARTICLE, "one venue.", "one venue, [see](nowhere.md).", "links", "error", "nowhere.md"),
        (ARTICLE, "https://example.org/mark", "https://192.0.2.7/mark", "hosts", "error", "192.0.2.7"),
        (ARTICLE, "https://example.org/mark", "http://example.org/mark", "hosts", "warning", "http://"),
        (ARTICLE, "A thin order", "A thin " + "very " * 50 + "order", "readability", "warning", "A thin very"),
        (
            ARTICLE,
            "A thin",
            "On 9 November 2022, 3.5 billion USD were liquidated. A thin",
            "figures",
            "warning",
            "On 9",
        ),
        ("articles/funding.md", "Funding is a", "Ignored. Funding is a", None, None, None),
        ("articles/funding.md", "topic: funding", "topic: funding\nlevel: expert", "format", "error", "level: expert"),
        ("events/2022-11_ftx.yaml", "grade: A", "grade: Z", "format", "error", "grade: Z"),
    ],
)
def test_a_fault_is_named_with_its_line(
    shelf: Path, home: Path, name: str, old: str, new: str, rule: str | None, severity: str | None, on: str | None
) -> None:
    path = edited(shelf, name, old, new)
    found = [finding for finding in checked(shelf, home) if finding.rule != "sources"]
    assert [(finding.rule, finding.severity) for finding in found] == ([(rule, severity)] if rule else [])
    for finding in found:
        assert on
        assert on in path.read_text().splitlines()[finding.line - 1]
        assert str(finding).startswith(f"{path}:{finding.line}: {severity}: ")


def test_amounts_are_held_against_the_figures_of_the_event(shelf: Path, home: Path) -> None:
    edited(
        shelf,
        "events/2022-11_ftx.yaml",
        "figures:\n",
        "figures:\n  - {quantity: liquidations_usd, value: 883000000, unit: USD, window: 24 h, source: example.org,\n"
        '     source_url: "https://example.org/l", source_date: "2022-11-10", grade: A}\n',
    )
    said = "On 9 November 2022, 0.88 billion USD were liquidated. On 9 November 2022, 900 million USD were liquidated."
    edited(shelf, ARTICLE, "A thin", f"{said} For example, 7 billion USD liquidated on 9 November 2022. A thin")
    (finding,) = [finding for finding in checked(shelf, home) if finding.rule == "figures"]
    assert "900 million USD" in finding.problem
    assert "0.883 billion USD" in finding.problem


def test_a_section_written_twice_is_found(shelf: Path, home: Path) -> None:
    text = "Funding is a payment between longs and shorts of a perpetual contract."
    more = " It is due every eight hours on most venues, and its rate follows the premium of the contract."
    edited(shelf, "articles/funding.md", text, text + more)
    edited(shelf, ARTICLE, "## Why the last", f"## Again\n\n{text}{more}\n\n## Why the last")
    repeats = [finding for finding in checked(shelf, home) if finding.rule == "repeats"]
    assert [finding.problem.split(" says")[0] for finding in repeats] == ["mark-price#again"]


def test_short_texts_may_be_alike() -> None:
    assert near_duplicates({"a": "A long is a bet on a rise.", "b": "A long is a bet on a rise in price."}) == []


@pytest.mark.parametrize(
    "url",
    ["https://localhost/a", "https://wiki.internal/a", "https://me:pw@example.org/", "https://bit.ly/3x",
     "https://xn--bnance-q9a.com/", "https://[2001:db8::1]/", "https://example.org/a?utm_source=x"],
)  # fmt: skip
def test_hosts_that_readers_should_not_be_sent_to(url: str) -> None:
    assert unsafe_host(url)


@pytest.mark.parametrize("url", ["https://example.org/a?page=2", "https://help.venue.example/en#part"])
def test_ordinary_links_may_stand(url: str) -> None:
    assert unsafe_host(url) is None


def test_tables_and_code_are_no_sentences() -> None:
    text = "One. Two (a,\nb) follows.\n\n| a | b |\n\n```\nx. Y\n```\n- item one. Item two."
    assert list(sentences(text))[:2] == ["One.", "Two (a, b) follows."]
    assert hard_to_read("One (a, b) follows.") is None
    assert hard_to_read("One (a (b)) follows.") == "brackets within brackets"
