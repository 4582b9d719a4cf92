"""A name that nobody here has written about is noticed; ordinary words and misspellings are not names."""

import pytest

from knowledge.embedding import Embedder
from rag.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def vocabulary(embedder: Embedder) -> Vocabulary:
    texts = ["The FTX collapse", "maintenance margin of a liquidated position on Binance", "auto-deleveraging"]
    return Vocabulary(texts, embedder.is_word)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What happened to Mt. Gox", ("Mt", "Gox")),
        ("quadrigacx collapse", ("quadrigacx",)),
        ("how much did Voyager lose", ("Voyager",)),
        ("What is maintenence margin?", ()),
        ("why was my posiiton liquidated on binance", ()),
        ("how low will the market go today", ()),
        ("isn't that what's wrong?", ()),
        ("What Happened To The Market Yesterday", ()),
        ("WHAT IS LEVERAGE", ()),
    ],
)
def test_unknown_names(vocabulary: Vocabulary, text: str, names: tuple[str, ...]) -> None:
    assert vocabulary.unknown_names(text) == names
