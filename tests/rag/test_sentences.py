"""Sentences end where a reader would say so."""

import pytest

from rag.sentences import sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It fell 6.4 percent. It rose 1.2 percent.", 2),
        ("Venues, e.g. Binance, close positions. They charge a fee.", 2),
        ("The U.S. dollar rose. Bitcoin fell.", 2),
        ("One. Two! Three?", 3),
        ("- First point here.\n- Second point here.", 2),
        ("A formula such as LP = E*(1 - 1/L + mmr) stands alone.", 1),
        ("", 0),
    ],
)
def test_sentence_count(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_nothing_is_lost_or_reordered() -> None:
    text = "Alpha fell 3.5%. Beta, i.e. the rest, rose. Gamma?"
    assert " ".join(sentences(text)) == text
