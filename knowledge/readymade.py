"""Vectors of the bundled shelf's texts, made ahead with the packaged model, so that a first start need not embed them.

A file for each document in `vectors/`: rows of a text's hash and its float16 vector. They are used for texts whose hash
is there, with the very weights that made them; whatever else is in a document is embedded as always.

    python -m knowledge.readymade           embed what is new, drop what is gone
    python -m knowledge.readymade --check   exit 1 if that would change anything
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from knowledge.embedding import Embedder, Vectors
from knowledge.rows import digest, rows_of
from knowledge.settings import BUNDLED_CONTENT, KnowledgeSettings
from knowledge.sources import Shelf

Texts = Mapping[str, Sequence[str]]
"""The texts that are embedded of each document, by its slug."""


class ReadyMade:
    """The vectors that `embedder` made, in a folder of its name and revision."""

    def __init__(self, embedder: Embedder, content: Path = BUNDLED_CONTENT) -> None:
        self._embedder = embedder
        self.folder = content / "vectors" / f"{embedder.name}-{embedder.revision}"

    def of(self, text_hashes: Iterable[str]) -> dict[str, Vectors]:
        """The unit vectors of the texts that are there, by hash."""
        wanted = set(text_hashes)
        files = sorted(self.folder.glob("*.npy")) if wanted else []
        return {text: vector for file in files for text, vector in _read(file).items() if text in wanted}

    def stale(self, texts: Texts) -> list[str]:
        """Slugs whose file does not hold exactly the document's texts, and those of files that no document has."""
        held = {file.stem: set(_read(file)) for file in self.folder.glob("*.npy")}
        wanted = {slug: set(map(digest, each)) for slug, each in texts.items()}
        return sorted(slug for slug in {*held, *wanted} if held.get(slug) != wanted.get(slug))

    def renew(self, texts: Texts) -> list[str]:
        """Mends the stale files, embedding only texts that no file holds yet; gives their slugs."""
        stale = self.stale(texts)
        by_hash = {digest(text): text for slug in stale for text in texts.get(slug, ())}
        known = self.of(by_hash)
        new = sorted(set(by_hash) - set(known))
        known |= dict(zip(new, self._embedder.embed([by_hash[hash_] for hash_ in new]), strict=True))
        self.folder.mkdir(parents=True, exist_ok=True)
        for slug in stale:
            file = self.folder / f"{slug}.npy"
            if slug in texts:
                _write(file, {hash_: known[hash_] for hash_ in sorted(map(digest, texts[slug]))})
            else:
                file.unlink()
        return stale


def bundled_texts(embedder: Embedder) -> Texts:
    """What the default settings embed of the bundled shelf."""
    room = KnowledgeSettings.model_fields["passage_tokens"].default
    with tempfile.TemporaryDirectory() as scratch:
        documents = Shelf(BUNDLED_CONTENT, Path(scratch)).documents()
    return {
        document.slug: [row.text for row in rows_of(document, embedder.count_tokens, room)] for document in documents
    }


def _read(file: Path) -> dict[str, Vectors]:
    rows = np.load(file, allow_pickle=False)
    vectors = rows["vector"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {text.decode(): vector for text, vector in zip(rows["text"], vectors, strict=True)}


def _write(file: Path, vectors: Mapping[str, Vectors]) -> None:
    dimension = len(next(iter(vectors.values())))
    rows = np.zeros(len(vectors), dtype=[("text", "S32"), ("vector", "<f2", (dimension,))])
    rows["text"], rows["vector"] = list(vectors), np.stack(list(vectors.values()))
    np.save(file, rows, allow_pickle=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something is stale")
    check = parser.parse_args().check
    embedder = Embedder.packaged("float32")
    ready, texts = ReadyMade(embedder), bundled_texts(embedder)
    stale = ready.stale(texts) if check else ready.renew(texts)
    for slug in stale:
        sys.stdout.write(f"{slug}: {'stale; run make vectors' if check else 'renewed'}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
