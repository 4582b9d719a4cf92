"""The index of subjects names passages of the shelf, and leads both ways."""

from pathlib import Path

from knowledge.library import Library
from knowledge.settings import BUNDLED_CONTENT, KnowledgeSettings
from knowledge.subjects import Subjects
from ui.app import App


def test_members_of_a_group_lead_to_each_other_and_groups_add_up() -> None:
    subjects = Subjects({"faq#a": ["terms#a"], "faq#b": ["terms#a", "article#b"]})
    assert subjects.beside("faq#a") == {"terms#a"}
    assert subjects.beside("terms#a") == {"faq#a", "faq#b", "article#b"}
    assert subjects.beside("faq#unknown") == frozenset()


def test_a_shelf_without_the_file_has_no_subjects(tmp_path: Path) -> None:
    assert Subjects.load(tmp_path).groups == {}


def test_the_bundled_subjects_name_only_passages_of_the_shelf(app: App) -> None:
    subjects = Subjects.load(BUNDLED_CONTENT)
    assert len(subjects.groups) > 150
    assert subjects.astray(passage.id for passage in app.library.index.passages()) == []


def test_the_check_names_the_line_that_leads_nowhere(shelf: Path, home: Path) -> None:
    (shelf / "subjects.yaml").write_text("faq-basics#who-gets-my-margin:\n  - funding#introduction\n  - funding#gone\n")
    found = [one for one in Library(home, KnowledgeSettings(content=shelf)).check() if one.rule == "subjects"]
    assert [(one.line, one.severity) for one in found] == [(3, "error")]
    assert "funding#gone is no section" in found[0].problem
