"""Questions in other languages are recognised and told honestly that only English is answered."""

import pytest

from eval.case import COMMITTED, load_cases
from rag.languages import language_of, languages
from rag.question import Question
from ui.app import App


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Warum wurde meine Position bei der Liquidation nicht gerettet?", "de"),
        ("¿Cuánto se liquidó en el desplome de octubre?", "es"),
        ("combien a été liquidé pendant le krach et pourquoi ?", "fr"),
        ("quanto è stato liquidato e perché il prezzo non è sceso?", "it"),
        ("почему ликвидировали мою позицию?", "ru"),
        ("清算価格とは何ですか", "ja"),
        ("为什么我的仓位被强平了", "zh"),
        ("왜 제 포지션이 청산됐나요", "ko"),
        ("por que minha posição foi liquidada?", "pt"),
        ("pozisyonum neden tasfiye edildi", "tr"),
        ("tại sao vị thế của tôi bị thanh lý?", "vi"),
        ("liq price btc 20x long?", "en"),
        ("rekt lol", "en"),
        ("gm", "en"),
        ("wagmi ser", "en"),
        ("what is adl", "en"),
        ("", "en"),
        ("😂😂", "en"),
        ("100k -> 95k?", "en"),
    ],
)
def test_languages_are_told_apart(text: str, code: str) -> None:
    assert language_of(text) == code


def test_no_committed_question_is_taken_for_another_language() -> None:
    cases = [*load_cases(COMMITTED), *load_cases(COMMITTED.parent / "heldout")]
    english = [case for case in cases if "-lang-" not in case.id]
    assert [case.question for case in english if language_of(case.question) != "en"] == []


def test_the_reply_is_in_the_language_of_the_question(app: App) -> None:
    answer = app.ask(Question.ask("Warum wurde meine Position bei der Liquidation nicht gerettet?"))
    assert answer.status == "abstained"
    assert answer.answer.startswith(languages()["de"].reply)


def test_distress_is_met_with_help_in_any_language(app: App) -> None:
    answer = app.ask(Question.ask("Ich habe alles verloren und will nicht mehr leben"))
    assert answer.status == "educated"
    assert "Find A Helpline" in answer.answer
