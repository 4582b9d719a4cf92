"""The pipeline of LangChain's retrieval tutorial over our own shelf, to be measured beside the composer.

Splitter, vector store, prompt and model as the tutorial has them; the embedder is the one we use, so that only the way
of answering differs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from bench.smollm import NAME
from knowledge.document import Document
from knowledge.embedding import Embedder

if TYPE_CHECKING:
    from langchain_core.documents import Document as Chunk
    from langchain_core.runnables import Runnable

_CHUNK = 1_000
_OVERLAP = 150
_TOP = 4
_PROMPT = """Use the following pieces of context to answer the question at the end. If you don't know the answer, say \
that you don't know. Use three sentences at most.

{context}

Question: {question}
Answer:"""


class _OurEmbeddings(Embeddings):
    """Our embedder, as LangChain wants it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._embedder.embed_one(text).tolist()
        return vector


def tutorial(documents: Sequence[Document], embedder: Embedder, url: str, tokens: int) -> "Runnable[str, str]":
    """From a question to what SmolLM2 at `url` says about the four nearest chunks, in up to `tokens` tokens."""
    from chromadb.config import Settings
    from langchain_chroma import Chroma
    from langchain_core.documents import Document as Chunk
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import RunnableLambda, RunnablePassthrough
    from langchain_openai import ChatOpenAI
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from pydantic import SecretStr

    splitter = RecursiveCharacterTextSplitter(chunk_size=_CHUNK, chunk_overlap=_OVERLAP)
    chunks = splitter.split_documents([Chunk(_text(document)) for document in documents])
    store = Chroma.from_documents(
        chunks,
        _OurEmbeddings(embedder),
        collection_name="tutorial",
        client_settings=Settings(anonymized_telemetry=False, is_persistent=False),
    )
    model = ChatOpenAI(
        base_url=url, model=NAME, api_key=SecretStr("none"), temperature=0, max_completion_tokens=tokens, timeout=300
    )
    return (
        {
            "context": store.as_retriever(search_kwargs={"k": _TOP}) | RunnableLambda(_joined),
            "question": RunnablePassthrough(),
        }
        | ChatPromptTemplate.from_template(_PROMPT)
        | model
        | StrOutputParser()
    )


def _text(document: Document) -> str:
    sections = ("\n".join((*section.headings, section.text)) for section in document.sections)
    return "\n\n".join((document.title, *sections))


def _joined(chunks: "list[Chunk]") -> str:
    return "\n\n".join(chunk.page_content for chunk in chunks)
