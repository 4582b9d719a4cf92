"""`knowledge` adds, checks, lists and searches documents."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.ui.conftest import Done

Run = Callable[..., Done]


def test_search_prints_the_promised_fields(run: Run) -> None:
    found = json.loads(run("knowledge", "search", "who gets my margin", "-k", "3", "--json").stdout)
    assert found["query"] == "who gets my margin"
    assert len(found["results"]) == 3
    assert list(found["results"][0]) == ["id", "slug", "anchor", "title", "source", "page", "score", "text"]


def test_the_bundled_shelf_is_valid_and_large_enough(run: Run) -> None:
    checked = run("knowledge", "check")
    assert checked.returncode == 0, checked.stdout
    assert ": 0 errors, " in checked.stdout
    rows = json.loads(run("knowledge", "list", "--json").stdout)
    sections = {kind: sum(row["sections"] for row in rows if row["kind"] == kind) for kind in ("faq", "glossary")}
    assert sum(row["kind"] == "article" for row in rows) >= 14
    assert sections["faq"] >= 50
    assert sections["glossary"] >= 60
    assert sum(row["kind"] == "event" for row in rows) >= 22


def test_an_added_article_is_found_and_a_broken_one_leaves_the_index_as_it_was(
    run: Run, built_home: Path, tmp_path: Path
) -> None:
    article = tmp_path / "quokka-exchange.md"
    article.write_text("# Quokka Exchange rules\n\nQuokka Exchange closes a position in three equal steps.\n")
    home = tmp_path / "home"
    shutil.copytree(built_home, home)
    assert run("knowledge", "add", str(article), home=home).returncode == 0
    found = json.loads(run("knowledge", "search", "how does Quokka Exchange close", "--json", home=home).stdout)
    assert found["results"][0]["slug"] == "quokka-exchange"
    assert found["results"][0]["source"] == str(article)
    broken = tmp_path / "broken.md"
    broken.write_text("---\ntitle: No sources\n---\nText.\n")
    refused = run("knowledge", "add", str(broken), home=home)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: {broken}:2: field 'topic'")
    again = json.loads(run("knowledge", "search", "how does Quokka Exchange close", "--json", home=home).stdout)
    assert again == found


def test_check_names_every_broken_file_at_once(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    files = [tmp_path / name for name in ("one.md", "two.md")]
    for file in files:
        file.write_text("# Fine\n\nA text.\n")
    assert run("knowledge", "add", *map(str, files), home=home).returncode == 0
    for file in files:
        file.write_text("---\ntitle: Broken\nlevel: expert\n---\nA text.\n")
    checked = run("knowledge", "check", "--json", home=home)
    assert checked.returncode == 1
    found = {(Path(row["path"]).name, row["line"], row["severity"], row["rule"]) for row in json.loads(checked.stdout)}
    assert found == {("one.md", 2, "error", "format"), ("two.md", 2, "error", "format")}
