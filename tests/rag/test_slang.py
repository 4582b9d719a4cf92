"""Forum words are written out; numbers, names and ordinary words stay."""

import pytest

from rag.slang import written_out


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("shud i sel my bags b4 it drops lol", "should i sell my holdings before it drops"),
        ("how many ppl got hit", "how many people got hit"),
        ("0.1 btc at 103k w/ 25x iso", "0.1 btc at 103k with 25x isolated"),
        ("What is a U.S. tariff?", "What is a U.S. tariff?"),
        ("what is funding", "what is funding"),
    ],
)
def test_short_words_are_written_out(said: str, meant: str) -> None:
    assert written_out(said) == meant
