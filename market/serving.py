"""Lets other processes of the same home use the store that this one holds, of which DuckDB allows one writer only.

They send statements, each alone or several in a transaction; a transaction whose sender goes away leaves nothing.
"""

import secrets
import socketserver
from collections.abc import Iterator
from threading import Thread
from typing import TYPE_CHECKING, Any

import duckdb

from market.store import Store
from market.tables import Table
from market.wire import HOST, Message, Note, read, written

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LONGEST_GREETING = 200


class Serving:
    """Listens on the loopback while the block runs, and leaves a note in the home of where."""

    def __init__(self, store: Store) -> None:
        self._home = store.path.parent
        self._server = _Server(store)

    def __enter__(self) -> Note:
        note = self._server.note
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        note.leave_in(self._home)
        return note

    def __exit__(self, *_: object) -> None:
        self._server.note.take_from(self._home)
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    """A client that has gone to sleep does not keep the server from stopping."""

    def __init__(self, store: Store) -> None:
        self.store = store
        super().__init__((HOST, 0), _Desk)
        self.note = Note(port=self.server_address[1], token=secrets.token_urlsafe(32))


class _Abandoned(Exception):
    """Ends a transaction that a statement broke, or whose sender went away."""


class _Desk(socketserver.StreamRequestHandler):
    """Serves one client until it hangs up."""

    server: _Server

    def handle(self) -> None:
        greeting = self.rfile.readline(_LONGEST_GREETING).strip()
        if not secrets.compare_digest(greeting, self.server.note.token.encode()):
            return
        try:
            self._reply({})
            for message in self._messages():
                if message["do"] == "begin":
                    self._transaction()
                else:
                    with self.server.store.reading() as cursor:
                        self._execute(cursor, message)
        except (_Abandoned, ConnectionError):
            return

    def _transaction(self) -> None:
        try:
            tables: set[Table] = set()
            with self.server.store.transaction(tables) as cursor:
                self._reply({})
                for message in self._messages():
                    if message["do"] == "commit":
                        tables.update(message["tables"])
                        break
                    if not self._execute(cursor, message):
                        raise _Abandoned
                else:
                    raise _Abandoned
        except duckdb.Error as error:
            self._reply({"error": str(error)})
        else:
            self._reply({})

    def _execute(self, cursor: "DuckDBPyConnection", message: Message) -> bool:
        """Whether the statement could be run; its rows, or what was wrong with it, are sent."""
        try:
            cursor.execute(message["sql"], message["values"])
            columns = [column[0] for column in cursor.description or ()]
            self._reply({"columns": columns, "rows": cursor.fetchall()})
        except duckdb.Error as error:
            self._reply({"error": str(error)})
            return False
        return True

    def _messages(self) -> Iterator[Message]:
        while line := self.rfile.readline():
            yield read(line)

    def _reply(self, message: dict[str, Any]) -> None:
        self.wfile.write(written({**message, "versions": self.server.store.versions.all()}))
