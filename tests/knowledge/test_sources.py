"""Pages, PDFs, feeds and tables of other people become documents; what cannot be read is named."""

from pathlib import Path

import httpx
import pytest

from bench.typeset import write_pdf
from knowledge.errors import DocumentInvalid, UnknownSource, UnsupportedSource
from knowledge.fetching.fetcher import Fetcher, FetchLimits
from knowledge.loading.files import load_file
from knowledge.loading.pagetext import heading_of, readable
from knowledge.sources import Shelf

PAGE = """<html><head><title>Fees on Quokka</title><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2025-03-04"></head><body><nav>Home Login</nav><!-- secret comment -->
<main><h1>Fees on Quokka</h1><p>Quokka charges a fee when a position is closed by force, and the fee goes to the fund
that pays for losses nobody else can bear. The fee differs between tiers, and is shown before an order is placed.</p>
<h2>Tiers</h2><ul><li>Takers pay the taker fee</li><li>Makers pay the maker fee</li></ul>
<table><tr><th>Tier</th><th>Rate</th></tr><tr><td>1</td><td>0.4%</td></tr><tr><td>2</td><td>0.2%</td></tr></table>
<p style="display:none">hidden words</p><p><span style="color:#fff">white words</span> All fees are listed once a
month on a page of their own, with the dates from which they hold.</p></main>
<footer>Imprint</footer></body></html>"""

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Quokka News</title>
<item><title>Maintenance on Sunday</title><link>https://quokka.example/a</link>
<pubDate>Tue, 04 Nov 2025 10:00:00 GMT</pubDate>
<description>&lt;p&gt;Trading stops for an hour on Sunday.&lt;/p&gt;</description></item>
<item><title>Maintenance on Sunday</title><description>Trading resumed.</description></item>
<item><title>Only a headline</title></item></channel></rss>"""


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_page_gives_its_main_text_with_title_author_and_date(tmp_path: Path) -> None:
    (document,) = load_file(written(tmp_path / "fees.html", PAGE), "https://quokka.example/fees")
    text = "\n".join(section.text for section in document.sections)
    assert (document.title, document.author, document.updated.isoformat()) == (
        "Fees on Quokka",
        "Jane Doe",
        "2025-03-04",
    )
    assert str(document.sources[0].url) == "https://quokka.example/fees"
    assert document.sections[-1].headings == ("Tiers",)
    assert "- Takers pay the taker fee" in text
    assert "| 1 | 0.4% |" in text
    assert not any(word in text for word in ("secret", "hidden", "white words", "Login", "Imprint"))


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    page = written(tmp_path / "app.html", "<html><body><div id='root'></div><script>run()</script></body></html>")
    with pytest.raises(UnsupportedSource, match="no text in its HTML"):
        load_file(page)


def test_a_pdf_keeps_its_pages_and_names_those_without_text(tmp_path: Path) -> None:
    income = ["CONSOLIDATED INCOME", "Revenue 1,204 1,101 998", "Net income 210 187 160"]
    path = write_pdf(tmp_path / "QUOKKA_2024_10K.pdf", [["Quokka Exchange annual report 2024"], [], income])
    (document,) = load_file(path)
    assert document.title == "QUOKKA 2024 10K"
    assert [section.page for section in document.sections] == [1, 3]
    assert document.sections[1].headings == ("CONSOLIDATED INCOME",)
    assert document.sections[1].text.splitlines()[1:] == ["Revenue 1,204 1,101 998", "Net income 210 187 160"]
    assert document.remarks == ("no text on page 2: blank, or an image that needs OCR",)


def test_a_pdf_of_images_or_of_garbage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedSource, match="OCR"):
        load_file(write_pdf(tmp_path / "scan.pdf", [[], []]))
    with pytest.raises(UnsupportedSource, match="cannot be read as PDF"):
        load_file(written(tmp_path / "broken.pdf", "%PDF-1.4 nothing"))


def test_wrapped_lines_are_joined_and_table_rows_are_not() -> None:
    raw = (
        "The fund paid for the losses that were left after the posi-\n"
        "tions had been closed, and it was filled again within a week.\n"
        "Fund, start | end 12 14\nPaid out 3 1\n"
    )
    assert readable(raw).splitlines() == [
        "The fund paid for the losses that were left after the positions had been closed, and it was filled again "
        "within a week.",
        "Fund, start | end 12 14",
        "Paid out 3 1",
    ]
    assert heading_of("Note 7. Debt\ntext") == "Note 7. Debt"
    assert heading_of("1,204 1,101") is None


def test_a_feed_gives_one_dated_article_for_each_entry_with_a_text(tmp_path: Path) -> None:
    first, second = load_file(written(tmp_path / "news.xml", FEED))
    assert (first.slug, second.slug) == ("news-maintenance-on-sunday", "news-maintenance-on-sunday-2")
    assert first.sections[0].text == "Trading stops for an hour on Sunday."
    assert (first.updated.isoformat(), str(first.sources[0].url)) == ("2025-11-04", "https://quokka.example/a")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("faq.csv", 'Question,Answer,Alternates\n"Who pays, then?","The fund.",who bears it|who loses\n'),
        ("faq.csv", "question;answer;alternates\nWho pays, then?;The fund.;who bears it|who loses\n"),
        ("faq.json", '[{"question": "Who pays, then?", "answer": "The fund.", "alternates": ["who bears it", "who loses"]}]'),  # noqa: E501
        ("faq.json", '{"entries": [{"Question": "Who pays, then?", "answer": "The fund.", "alternates": "who bears it|who loses"}]}'),  # noqa: E501
    ],
)  # fmt: skip
def test_questions_and_answers_come_from_tables_and_lists(tmp_path: Path, name: str, text: str) -> None:
    (document,) = load_file(written(tmp_path / name, text))
    assert document.kind == "faq"
    assert document.sections[0].questions == ("Who pays, then?", "who bears it", "who loses")
    assert document.sections[0].text == "The fund."


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("faq.csv", "q,a\nx,y\n", r"faq\.csv:1: field 'question'"),
        ("faq.csv", "question,answer\nWho pays?,The fund\nWho else?,\n", r"faq\.csv:3: field 'answer'"),
        ("faq.csv", "question,answer\nWho pays?,A\nWho pays?,B\n", r"faq\.csv:3: .*above it asks"),
        ("faq.json", '[{"question": "Who?", "answer": "A"},\n {"question": "Why?"}]', r"faq\.json:2: field 'answer'"),
        ("faq.json", '[{"question": ]', r"faq\.json:1: field 'json'"),
    ],
)
def test_a_broken_table_names_line_and_field(tmp_path: Path, name: str, text: str, fault: str) -> None:
    with pytest.raises(DocumentInvalid, match=fault):
        load_file(written(tmp_path / name, text))


def test_front_matter_of_another_program_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    text = "---\ntitle: Haircuts\ndate: 2025-10-12T08:00:00Z\nauthor: Jane\ntags: [a]\n---\nA haircut lowers value.\n"
    (document,) = load_file(written(tmp_path / "post.md", text))
    assert (document.title, document.author, document.updated.isoformat()) == ("Haircuts", "Jane", "2025-10-12")


def test_a_folder_is_read_around_the_file_that_cannot_be(shelf: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    written(own / "a/index.html", PAGE)
    written(own / "b/index.html", PAGE)
    write_pdf(own / "scan.pdf", [[]])
    known = Shelf(shelf, tmp_path / "home", watched=[own])
    assert {document.slug for document in known.documents()} >= {"a-index", "b-index"}
    assert [skipped.origin for skipped in known.skipped] == [str(own / "scan.pdf")]


def test_a_url_is_fetched_kept_and_removed(shelf: Path, tmp_path: Path) -> None:
    url = "https://quokka.example/fees"

    def answer(request: httpx.Request) -> httpx.Response:
        found = request.url.path == "/fees"
        stream = httpx.ByteStream(PAGE.encode() if found else b"")
        return httpx.Response(200 if found else 404, headers={"content-type": "text/html"}, stream=stream)

    transport = httpx.MockTransport(answer)
    fetcher = Fetcher(FetchLimits(), resolver=lambda _host: ["93.184.215.14"], transport=transport)
    known = Shelf(shelf, tmp_path / "home")
    (document,) = known.add([url], fetcher)
    assert (document.slug, document.origin) == ("quokka-example-fees", url)
    offline = Shelf(shelf, tmp_path / "home")
    assert document in offline.documents()
    assert offline.remove(["quokka-example-fees"]) == [url]
    assert offline.added() == ()
    assert not list((tmp_path / "home/pages").glob("*.*"))
    with pytest.raises(UnsupportedSource, match="answered 404"):
        known.add(["https://quokka.example/none"], fetcher)
    assert known.added() == ()


def test_what_was_never_added_cannot_be_removed(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownSource, match="knowledge list"):
        Shelf(shelf, tmp_path / "home").remove(["nothing"])


def test_a_folder_gives_what_can_be_read_and_names_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    written(folder / "good.md", "# Good\n\nMargin is what is put down.\n")
    written(folder / "compose.yml", "version: 3\n")
    written(folder / "broken.yaml", "key: [1, 2\n")
    written(folder / "package.json", '{"name": "something"}')
    written(folder / "prices.csv", "date,price\n2020-01-01,3\n")
    written(folder / "front.md", "---\ntitle: [open\n---\nText.\n")
    (folder / "latin.txt").write_bytes("café".encode("latin-1"))
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.4 and no more")
    (folder / "empty.md").touch()
    (folder / "loop").symlink_to(folder)
    (folder / "gone.md").symlink_to(folder / "nothing.md")
    home = tmp_path / "home"
    shelf = Shelf(tmp_path / "none", home, watched=[folder])
    assert [document.slug for document in shelf.documents()] == ["good"]
    bad = {
        "compose.yml",
        "broken.yaml",
        "package.json",
        "prices.csv",
        "front.md",
        "latin.txt",
        "damaged.pdf",
        "empty.md",
    }
    assert {Path(skipped.origin).name for skipped in shelf.skipped} == bad
    assert all(skipped.origin in skipped.reason for skipped in shelf.skipped)
    assert {fault.path.name for fault in shelf.faults()} >= {"broken.yaml", "front.md"}
    with pytest.raises(DocumentInvalid):
        Shelf(tmp_path / "none", home).add([folder / "broken.yaml"])


def test_a_file_that_goes_while_its_folder_is_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "notes"
    kept, gone = (written(folder / f"{name}.md", f"# {name}\n\nA note.\n") for name in ("a", "b"))
    listed = [kept, gone]
    monkeypatch.setattr("knowledge.sources.files_in", lambda _: listed)
    gone.unlink()
    shelf = Shelf(tmp_path / "none", tmp_path / "home", watched=[folder])
    assert [document.slug for document in shelf.documents()] == ["a"]
    assert "b.md cannot be read: No such file or directory" in shelf.skipped[0].reason


def test_words_of_a_justified_line_stay_apart_where_the_font_misstates_its_space(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "tex.pdf", [["The margin of the account is measured once a day."]])
    told = "Open interest counts contracts that nobody has closed"
    words = f"({told.replace(' ', ') -210 (')})"
    body = path.read_bytes().replace(
        b"(The margin of the account is measured once a day.) Tj", f"[{words}] TJ".encode()
    )
    widths = " ".join(str(500 if code == 32 else 430 + code) for code in range(32, 123))
    font = f"/BaseFont /Times-Roman /FirstChar 32 /LastChar 122 /Widths [{widths}]".encode()
    path.write_bytes(body.replace(b"/BaseFont /Helvetica", font))
    (section,) = load_file(path)[0].sections
    assert section.text == told
