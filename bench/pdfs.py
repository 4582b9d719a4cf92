"""Retrieval on other people's PDFs: the LangChain tutorial's pipeline, BM25 alone and ours, in one run.

    python -m bench.pdfs FOLDER QUESTIONS.jsonl

Each line of the questions is `{"question": "…", "file": "report.pdf", "pages": [12, 13]}`, pages from 1. A result is
right when it stands on one of these pages. All three read the same page texts as pypdf gives them; ingest is timed
from page text to searchable index, parsing apart. Questions whose file is not in the folder are an error.
"""

import argparse
import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from langchain_text_splitters import RecursiveCharacterTextSplitter

from bench.reports import write_reports
from bench.retrieval import ndcg
from knowledge.embedding import Embedder
from knowledge.index import Index
from knowledge.lexical import Lexicon
from knowledge.settings import KnowledgeSettings
from knowledge.sources import Shelf

Search = Callable[[str], Sequence[str]]
"""Gives the pages ("report.pdf#12") of the ten best results, best first."""


class Asked(NamedTuple):
    question: str
    pages: tuple[str, ...]


class Built(NamedTuple):
    search: Search
    chunks: int
    seconds: float


def questions_in(path: Path, folder: Path) -> list[Asked]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    missing = sorted({row["file"] for row in rows if not (folder / row["file"]).is_file()})
    if missing:
        raise SystemExit(f"{folder} lacks {', '.join(missing)}, which questions in {path} ask about")
    return [Asked(row["question"], tuple(f"{row['file']}#{page}" for page in row["pages"])) for row in rows]


def page_texts(folder: Path) -> dict[str, str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    return {
        f"{path.name}#{number}": page.extract_text()
        for path in sorted(folder.glob("*.pdf"))
        for number, page in enumerate(PdfReader(path).pages, start=1)
    }


def tutorial(pages: dict[str, str], embedder: Embedder, home: Path) -> Built:
    """RecursiveCharacterTextSplitter 1000/150, the same MiniLM through sentence-transformers, Chroma top 10."""
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    model = embedder._model  # the very same weights

    class MiniLM(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in vector] for vector in model.encode(texts)]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    start = time.perf_counter()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=150)
    chunks = splitter.create_documents(list(pages.values()), [{"page": page} for page in pages])
    store = Chroma.from_documents(chunks, MiniLM(), persist_directory=str(home))
    seconds = time.perf_counter() - start
    return Built(lambda q: [hit.metadata["page"] for hit in store.similarity_search(q, k=10)], len(chunks), seconds)


def bm25_alone(pages: dict[str, str]) -> Built:
    """BM25 over the tutorial's chunks."""
    start = time.perf_counter()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=150)
    chunks = splitter.create_documents(list(pages.values()), [{"page": page} for page in pages])
    lexicon = Lexicon([str(n) for n in range(len(chunks))], [chunk.page_content for chunk in chunks])
    seconds = time.perf_counter() - start
    return Built(lambda q: [chunks[int(n)].metadata["page"] for n, _ in lexicon.search(q, 10)], len(chunks), seconds)


def ours(folder: Path, embedder: Embedder, home: Path, settings: KnowledgeSettings) -> tuple[Built, float]:
    """The knowledge room as `knowledge add FOLDER` uses it, without the bundled shelf; and the seconds of parsing."""
    start = time.perf_counter()
    documents = Shelf(home / "none", home.parent / "kept", watched=[folder]).documents()
    parsing = time.perf_counter() - start
    index = Index(home / "index", embedder, settings)
    start = time.perf_counter()
    report = index.sync(documents)
    index.search("warm up")
    seconds = time.perf_counter() - start

    def search(question: str) -> list[str]:
        return [f"{Path(hit.passage.origin).name}#{hit.passage.page}" for hit in index.search(question, 10)]

    return Built(search, report.passages, seconds), parsing


def row(name: str, built: Built, questions: Sequence[Asked]) -> str:
    built.search("warm up")
    hits: dict[int, list[bool]] = {1: [], 5: [], 10: []}
    gains, taken = [], []
    for asked in questions:
        start = time.perf_counter()
        found = built.search(asked.question)
        taken.append((time.perf_counter() - start) * 1000)
        for k, each in hits.items():
            each.append(bool(set(found[:k]) & set(asked.pages)))
        gains.append(ndcg(found, dict.fromkeys(asked.pages, 1)))
    p50, p95 = np.percentile(taken, [50, 95])
    shares = "  ".join(f"{np.mean(each):6.3f}" for each in hits.values())
    rate = built.chunks / built.seconds
    return f"{name:<20} {shares}  {np.mean(gains):7.3f}  {p50:6.1f}  {p95:6.1f}  {built.chunks:6d}  {rate:8.1f}"


def run(folder: Path, questions: Sequence[Asked], settings: KnowledgeSettings) -> Iterator[str]:
    embedder = Embedder.packaged()
    embedder.embed(["warm up"] * 64)
    pages = page_texts(folder)
    yield f"{len(questions)} questions on {len(pages)} pages of {len(list(folder.glob('*.pdf')))} PDFs"
    yield f"{'':<20}  hit@1   hit@5  hit@10  nDCG@10  p50 ms  p95 ms  chunks  chunks/s"
    with tempfile.TemporaryDirectory() as scratch:
        yield row("LangChain tutorial", tutorial(pages, embedder, Path(scratch) / "tutorial"), questions)
        yield row("BM25 alone", bm25_alone(pages), questions)
        built, parsing = ours(folder, embedder, Path(scratch) / "ours", settings)
        yield row("ours", built, questions)
        yield f"ours, ingest: {len(pages) / (parsing + built.seconds):.1f} pages/s, of {parsing:.1f} s parsing"


def on_reports() -> Iterator[tuple[str, str]]:
    """A bounded run on the reports that `bench.reports` typesets: one of four questions."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        questions = questions_in(write_reports(folder), folder)[::4]
        for line in run(folder, questions, KnowledgeSettings()):
            yield "annual reports", line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path)
    given = parser.parse_args()
    for line in run(given.folder, questions_in(given.questions, given.folder), KnowledgeSettings()):
        print(line, flush=True)


if __name__ == "__main__":
    main()
