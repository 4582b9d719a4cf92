"""API keys: made once, shown once, kept as hashes; and the sessions of browsers that signed in with one.

A key is 256 random bits, so a plain SHA-256 of it cannot be guessed back; a slow hash would only slow every request.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict
from sqlalchemy import DateTime, Engine, String, create_engine, delete, func, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ui.errors import UnknownKey

Scope = Literal["ask", "read", "admin"]
"""ask: get answers, in every face; read: look up what needs no answer; admin: both, and what maintainers see."""

SCOPES: tuple[Scope, ...] = get_args(Scope)

_PREFIX = "mp"


class Key(BaseModel):
    """What is known of a key: everything but the key."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    revoked_at: datetime | None = None

    @property
    def granted(self) -> frozenset[Scope]:
        return frozenset(SCOPES if "admin" in self.scopes else self.scopes)


class _Base(DeclarativeBase):
    pass


class _Key(_Base):
    __tablename__ = "keys"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(DateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime, nullable=True)


class _Session(_Base):
    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(8), index=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime, index=True)


class Keyring:
    """One database of keys; safe to share between threads and servers."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock
        _Base.metadata.create_all(engine)

    @classmethod
    def open(cls, home: Path, url: str | None) -> "Keyring":
        """The keys at `url`, an SQLAlchemy URL, or else those of `home`."""
        if url is None:
            home.mkdir(parents=True, exist_ok=True)
            file = home / "keys.sqlite"
            file.touch(mode=0o600)
            url = f"sqlite:///{file}"
        return cls(create_engine(url))

    def create(self, name: str, scopes: Iterable[Scope]) -> tuple[Key, str]:
        """A new key, and the only sight of it that there will be."""
        id_ = secrets.token_hex(4)
        shown = f"{_PREFIX}_{id_}_{secrets.token_urlsafe(32)}"
        now = self._now()
        key = Key(id=id_, name=name, scopes=tuple(sorted(set(scopes))), created_at=now.replace(tzinfo=UTC))
        with self._engine.begin() as connection:
            connection.execute(
                insert(_Key).values(
                    id=id_, name=name, scopes=",".join(key.scopes), digest=_digest(shown), created_at=now
                )
            )
        return key, shown

    def keys(self) -> Sequence[Key]:
        """Every key that was made, revoked ones too, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_Key).order_by(_Key.created_at, _Key.id)).mappings().all()
        return [
            Key.model_validate(
                {
                    **row,
                    "scopes": row["scopes"].split(","),
                    "created_at": _utc(row["created_at"]),
                    "revoked_at": _utc(row["revoked_at"]),
                }
            )
            for row in rows
        ]

    def revoke(self, id_: str) -> None:
        """Ends a key and the sessions begun with it, at once. Raises UnknownKey."""
        with self._engine.begin() as connection:
            ended = connection.execute(
                update(_Key).where(_Key.id == id_, _Key.revoked_at.is_(None)).values(revoked_at=self._now())
            )
            connection.execute(delete(_Session).where(_Session.key_id == id_))
        if not ended.rowcount:
            raise UnknownKey(id_)

    def any(self) -> bool:
        """Whether a key was ever made; revoking the last one opens nothing."""
        with self._engine.connect() as connection:
            return bool(connection.scalar(select(func.count()).select_from(_Key)))

    def usable(self) -> bool:
        """Whether a key is there that lets somebody in."""
        return any(key.revoked_at is None for key in self.keys())

    def key_of(self, shown: str) -> Key | None:
        """The key that was shown so, unless it is revoked."""
        parts = shown.split("_", 2)
        id_ = parts[1] if len(parts) == 3 else ""
        with self._engine.connect() as connection:
            row = connection.execute(select(_Key.digest).where(_Key.id == id_, _Key.revoked_at.is_(None))).first()
        if row is None or not hmac.compare_digest(row[0], _digest(shown)):
            return None
        return self._key(id_)

    def begin_session(self, key: Key, lasting: timedelta) -> str:
        """A token that stands for `key` for so long; also forgets the sessions that are over."""
        token = secrets.token_urlsafe(32)
        with self._engine.begin() as connection:
            connection.execute(delete(_Session).where(_Session.expires_at <= self._now()))
            connection.execute(
                insert(_Session).values(digest=_digest(token), key_id=key.id, expires_at=self._now() + lasting)
            )
        return token

    def key_of_session(self, token: str) -> Key | None:
        """The key that the session was begun with, unless one of them is over."""
        with self._engine.connect() as connection:
            id_ = connection.scalar(
                select(_Session.key_id).where(_Session.digest == _digest(token), _Session.expires_at > self._now())
            )
        return self._key(id_) if id_ else None

    def end_session(self, token: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(_Session).where(_Session.digest == _digest(token)))

    def _key(self, id_: str) -> Key | None:
        return next((key for key in self.keys() if key.id == id_ and key.revoked_at is None), None)

    def _now(self) -> datetime:
        # As in the log of questions: everything in the database is UTC without a zone.
        return self._clock().astimezone(UTC).replace(tzinfo=None)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _utc(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(tzinfo=UTC)
