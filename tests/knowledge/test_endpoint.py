"""An embeddings endpoint stands in for the local model: batched, asked again, and plain about what is wrong."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import Embedder
from knowledge.endpoint import EndpointEmbedder
from knowledge.errors import IndexMismatch, ModelUnusable
from knowledge.library import Library
from knowledge.settings import KnowledgeSettings


class Server(ThreadingHTTPServer):
    """Serves MiniLM's real vectors, scaled, in OpenAI's shape; fails as often as `failures` says."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.embedder = embedder
        self.failures = 0
        self.sizes: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != "Bearer sesame":
            return self._reply(401, {"error": {"message": "wrong key"}})
        if self.server.failures:
            self.server.failures -= 1
            return self._reply(503, {"error": {"message": "busy"}})
        self.server.sizes.append(len(asked["input"]))
        vectors = 3 * self.server.embedder.embed(asked["input"])
        rows = [{"object": "embedding", "index": n, "embedding": v.tolist()} for n, v in enumerate(vectors)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return self._reply(200, {"object": "list", "data": rows[::-1], "model": asked["model"], "usage": usage})

    def _reply(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(embedder: Embedder) -> Iterator[Server]:
    with Server(embedder) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def endpoint(url: str, key: str = "sesame", dimension: int = 384) -> EndpointEmbedder:
    return EndpointEmbedder(url, "minilm", key, dimension, seconds=20)


def test_a_library_is_built_and_searched_through_the_endpoint(server: Server, shelf: Path, home: Path) -> None:
    settings = KnowledgeSettings.model_validate(
        {
            "content": shelf,
            "embeddings_url": server.url,
            "embeddings_model": "minilm",
            "embeddings_key": "sesame",
            "embeddings_dimension": 384,
        }
    )
    library = Library(home, settings)
    assert library.sync().embedded > 0
    found = library.index.search("who receives the collateral of a closed position", k=1)[0]
    assert found.passage.id == "faq-basics#who-gets-my-margin"
    assert str(library.index.identity).startswith(f"minilm (revision 127.0.0.1:{server.server_port}, 384 dimensions")
    with pytest.raises(IndexMismatch, match="knowledge sync --rebuild"):
        _ = Library(home, KnowledgeSettings(content=shelf)).index


def test_vectors_are_unit_length_in_the_order_of_the_texts_and_asked_for_in_batches(
    server: Server, embedder: Embedder
) -> None:
    texts = [f"tier {number} of the maintenance margin" for number in range(130)]
    told: list[int] = []
    vectors = endpoint(server.url).embed(texts, told.append)
    assert server.sizes == told == [64, 64, 2]
    assert np.sum(vectors * embedder.embed(texts), axis=1).min() > 0.999


def test_a_busy_server_is_asked_again(server: Server) -> None:
    server.failures = 2
    assert endpoint(server.url).embed_one("margin").shape == (384,)


@pytest.mark.parametrize(
    ("key", "dimension", "said"),
    [("wrong", 384, r"answered 401 .*_KEY"), ("sesame", 768, r"1 vectors of 384 .*EMBEDDINGS_DIMENSION")],
)
def test_a_wrong_key_or_dimension_names_its_setting(server: Server, key: str, dimension: int, said: str) -> None:
    with pytest.raises(ModelUnusable, match=said):
        endpoint(server.url, key, dimension).embed_one("margin")


def test_a_server_that_is_not_there_is_named() -> None:
    url = "http://127.0.0.1:9/v1"
    with pytest.raises(ModelUnusable, match=rf"{url} did not answer .*EMBEDDINGS_URL"):
        endpoint(url).embed_one("margin")


@pytest.mark.parametrize(
    "given",
    [
        {"embeddings_url": "http://127.0.0.1:9/v1", "embeddings_model": "minilm"},
        {"embeddings_url": "file:///etc/passwd", "embeddings_model": "minilm", "embeddings_dimension": 384},
        {"embeddings_url": "http://a/v1", "embeddings_model": "m", "embeddings_dimension": 3, "model_path": "/m"},
    ],
)
def test_half_an_endpoint_is_no_setting(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"(?i)embeddings_url"):
        KnowledgeSettings.model_validate(given)
