"""A sync embeds what changed and nothing else, survives being cut short or run twice, and rebuilds beside the old."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.document import Document
from knowledge.embedding import Embedder
from knowledge.errors import IndexMismatch
from knowledge.index import Index
from knowledge.settings import KnowledgeSettings
from knowledge.sources import Shelf


def open_index(home: Path, embedder: Embedder) -> Index:
    return Index(home / "index", embedder, KnowledgeSettings())


def corpus(folder: Path, sections: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for part in range(sections // 20):
        lines = [f"# Chapter {part}"]
        for number in range(20):
            lines += [f"## Rule {part * 20 + number}", f"Rule {part * 20 + number} says what tier {number} pays."]
        (folder / f"chapter-{part}.md").write_text("\n\n".join(lines))
    return folder


def documents(shelf: Path, home: Path, *added: Path) -> Sequence[Document]:
    return Shelf(shelf, home, watched=added).documents()


def test_one_edited_paragraph_in_two_hundred_sections_is_one_embedding(
    embedder: Embedder, shelf: Path, home: Path, tmp_path: Path
) -> None:
    own = corpus(tmp_path / "own", 200)
    index = open_index(home, embedder)
    assert index.sync(documents(shelf, home, own)).embedded >= 200
    page = own / "chapter-3.md"
    page.write_text(page.read_text().replace("Rule 70 says what", "Rule 70 tells what"))
    report = index.sync(documents(shelf, home, own))
    assert (report.embedded, report.removed) == (1, 0)
    assert "tells" in index.search("Rule 70 tells what tier 10 pays", k=1)[0].passage.text


@pytest.mark.parametrize("target", ["elsewhere/chapter-0.md", "renamed.md"])
def test_a_moved_or_renamed_file_is_not_embedded_again(
    embedder: Embedder, shelf: Path, home: Path, tmp_path: Path, target: str
) -> None:
    own = corpus(tmp_path / "own", 20)
    index = open_index(home, embedder)
    index.sync(documents(shelf, home, own))
    (own / target).parent.mkdir(exist_ok=True)
    (own / "chapter-0.md").rename(own / target)
    assert index.sync(documents(shelf, home, own)).embedded == 0
    found = index.search("Rule 7 says what tier 7 pays", k=1)[0].passage
    assert found.origin == str(own / target)
    assert found.text.startswith("Rule 7 ")


def test_a_sync_with_nothing_to_do_reads_no_file_and_loads_no_model(
    shelf: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_index(home, Embedder.packaged()).sync(documents(shelf, home))
    asleep = Embedder.packaged()
    monkeypatch.setattr("knowledge.sources.load_faq", lambda _path: pytest.fail("a file that did not change was read"))
    report = open_index(home, asleep).sync(documents(shelf, home))
    assert (report.embedded, report.moved, report.removed) == (0, 0, 0)
    assert "_model" not in vars(asleep)


@pytest.mark.parametrize(
    "step", ["_vectors.put", "_catalog.put", "_vectors.delete", "_catalog.forget", "_catalog.complete"]
)
def test_a_sync_cut_short_at_any_step_is_searchable_and_completed_by_the_next(
    embedder: Embedder, shelf: Path, home: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class PowerCutError(Exception):
        pass

    open_index(home, embedder).sync(documents(shelf, home))
    (shelf / "articles/funding.md").unlink()
    page = shelf / "articles/mark-price.md"
    page.write_text(page.read_text().replace("A thin order book lets it jump.", "A thin order book lets it leap."))
    cut = open_index(home, embedder)
    part, _, method = step.partition(".")

    def fail(*_args: object) -> None:
        raise PowerCutError

    monkeypatch.setattr(getattr(cut, part), method, fail)
    with pytest.raises(PowerCutError):
        cut.sync(documents(shelf, home))
    again = open_index(home, embedder)
    assert again.search("what is ADL?", k=1)[0].passage.id == "glossary#auto-deleveraging"
    again.sync(documents(shelf, home))
    assert again.passage("funding#introduction") is None
    whole = Index(home / "fresh", embedder, KnowledgeSettings())
    whole.sync(documents(shelf, home))
    assert again.fingerprint == whole.fingerprint
    found, expected = again.search("a thin order book", k=3), whole.search("a thin order book", k=3)
    assert [hit.passage.id for hit in found] == [hit.passage.id for hit in expected]
    # Documents may be embedded in bfloat16, which rounds a text otherwise among other texts.
    assert [hit.similarity for hit in found] == pytest.approx([hit.similarity for hit in expected], abs=0.005)


def test_two_syncs_at_once_do_not_corrupt(embedder: Embedder, shelf: Path, home: Path, tmp_path: Path) -> None:
    own = corpus(tmp_path / "own", 40)
    code = (
        "import sys; from pathlib import Path; from knowledge.embedding import Embedder; "
        "from knowledge.index import Index; from knowledge.settings import KnowledgeSettings; "
        "from knowledge.sources import Shelf; shelf, home, own = map(Path, sys.argv[1:]); "
        "Index(home / 'index', Embedder.packaged(), KnowledgeSettings())"
        ".sync(Shelf(shelf, home, watched=[own]).documents())"
    )
    command = [sys.executable, "-c", code, str(shelf), str(home), str(own)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(process.communicate()[1], process.returncode)[1] for process in running] == [0, 0]
    index = open_index(home, embedder)
    report = index.sync(documents(shelf, home, own))
    assert (report.embedded, report.removed) == (0, 0)
    assert index.search("Rule 31 says what tier 11 pays", k=1)[0].passage.text.startswith("Rule 31 ")


def test_a_mismatch_names_the_command_and_a_rebuild_switches_at_the_end(
    embedder: Embedder, shelf: Path, home: Path
) -> None:
    old = open_index(home, embedder)
    old.sync(documents(shelf, home))
    smaller = KnowledgeSettings(passage_tokens=100)
    with pytest.raises(IndexMismatch, match=rf"market-pulse --home {home} knowledge sync --rebuild"):
        Index(home / "index", embedder, smaller)

    def still_answers(_done: int, _total: int) -> None:
        assert open_index(home, embedder).search("ADL", k=1)[0].passage.slug == "glossary"

    new, report = Index.rebuilt(home / "index", embedder, smaller, documents(shelf, home), still_answers)
    assert report.embedded > 0
    assert new.search("ADL", k=1)[0].passage.slug == "glossary"
    assert len(Index(home / "index", embedder, smaller)) == len(new)
    assert len([path for path in (home / "index").iterdir() if path.is_dir()]) == 1


def test_the_collection_says_what_made_it(embedder: Embedder, shelf: Path, home: Path) -> None:
    import chromadb
    from chromadb.config import Settings

    index = open_index(home, embedder)
    index.sync(documents(shelf, home))
    client = chromadb.PersistentClient(
        path=str(home / "index/first"), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )
    assert client.get_collection("passages").metadata == {
        "embedder": "all-MiniLM-L6-v2",
        "revision": "53aa51172d14",
        "dimension": 384,
        "chunker": "blocks-v2/240",
    }


def test_a_sync_with_nothing_to_do_leaves_the_state_as_it_is(embedder: Embedder, shelf: Path, home: Path) -> None:
    index = open_index(home, embedder)
    index.sync(documents(shelf, home))
    stamp = index.stamp
    open_index(home, embedder).sync(documents(shelf, home))
    assert open_index(home, embedder).stamp == stamp
