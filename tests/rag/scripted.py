"""A real OpenAI-compatible HTTP server on loopback that says what a script tells it to, and keeps what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Delta = dict[str, Any]
"""What one streamed piece adds to the message: its content, or a tool call."""

Script = Callable[[list[dict[str, Any]]], Iterator[Delta]]
"""From the messages that were sent to the pieces of the reply; may wait, or raise Refused."""


class Refused(Exception):
    """Answers the request with the status 503."""


@dataclass
class Asked:
    """The bodies of all requests, and a flag that is set once a client has left before the end."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)


def says(text: str) -> Iterator[Delta]:
    """The text in pieces of a few letters, as a model streams it."""
    for start in range(0, len(text), 7):
        yield {"content": text[start : start + 7]}


def calls(name: str, /, **arguments: object) -> Iterator[Delta]:
    """One call of a tool."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    yield {"tool_calls": [{"index": 0, "id": f"call_{name}", "type": "function", "function": function}]}


@contextmanager
def serving(script: Script) -> Iterator[tuple[str, Asked]]:
    """The base URL of the server and what it was asked."""
    asked = Asked()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.bodies.append(body)
            pieces = script(body["messages"])
            try:
                first = next(pieces)
            except Refused:
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                self._send(first)
                for piece in pieces:
                    self._send(piece)
                self._send({}, "tool_calls" if "tool_calls" in first else "stop")
                self.wfile.write(b"data: [DONE]\n\n")
            except (BrokenPipeError, ConnectionResetError):
                asked.left.set()

        def _send(self, delta: Delta, reason: str | None = None) -> None:
            choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": reason}
            chunk = {
                "id": "c",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "scripted",
                "choices": [choice],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


def told(messages: Sequence[dict[str, Any]]) -> str:
    """All that was sent, as one text."""
    return "\n".join(str(message.get("content") or "") for message in messages)
