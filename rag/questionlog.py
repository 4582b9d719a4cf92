"""Keeps the questions people really asked, with how they were answered, so that gaps in the knowledge show.

Kept on this machine (SQLite) or wherever a database URL says. No addresses, no sessions, nothing that says who
asked; what is older than the retention time is removed. Off by one setting.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import DateTime, Engine, Integer, String, Text, create_engine, delete, func, insert, or_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from rag.answer import Answer
from rag.trace import Trace

Face = Literal["chat", "api", "ask", "mcp"]
Rating = Literal["up", "down"]


class LoggedQuestion(BaseModel):
    """A question as it was asked once; `reason` says why it has this status, as far as the trace tells."""

    model_config = ConfigDict(frozen=True)

    asked_at: datetime
    face: Face
    question: str
    standalone: str
    status: str
    reason: str
    rating: Rating | None = None


class Feedback(BaseModel):
    """What somebody thought of the answer to a question."""

    model_config = ConfigDict(frozen=True)

    rated_at: datetime
    rating: Rating
    comment: str | None
    question: str


class _Base(DeclarativeBase):
    pass


class _Question(_Base):
    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    answer_id: Mapped[str] = mapped_column(String(40), index=True)
    asked_at: Mapped[datetime] = mapped_column(DateTime, index=True)
    face: Mapped[str] = mapped_column(String(8))
    question: Mapped[str] = mapped_column(Text)
    standalone: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), index=True)
    reason: Mapped[str] = mapped_column(String(40))


class _Rating(_Base):
    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    answer_id: Mapped[str] = mapped_column(String(40), index=True)
    rated_at: Mapped[datetime] = mapped_column(DateTime)
    rating: Mapped[str] = mapped_column(String(4))
    comment: Mapped[str | None] = mapped_column(Text, nullable=True)


class QuestionLog:
    """One database of questions and ratings; safe to share between threads."""

    def __init__(
        self, engine: Engine, keep_days: int, clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC)
    ) -> None:
        self._engine = engine
        self._keep = timedelta(days=keep_days)
        self._clock = clock
        _Base.metadata.create_all(engine)
        self._forgot_on = self._now().date()
        self.forget_old()

    @classmethod
    def open(cls, url: str, keep_days: int) -> "QuestionLog":
        """The log in the database at `url`, an SQLAlchemy URL; its tables are made if they are missing."""
        return cls(create_engine(url), keep_days)

    def record(self, answer: Answer, trace: Trace, face: Face) -> None:
        """Keeps one question; the first of a day also removes what is too old, so a server need not restart."""
        if self._now().date() != self._forgot_on:
            self._forgot_on = self._now().date()
            self.forget_old()
        with self._engine.begin() as connection:
            connection.execute(
                insert(_Question).values(
                    answer_id=answer.id,
                    asked_at=self._now(),
                    face=face,
                    question=answer.question,
                    standalone=answer.standalone_question,
                    status=answer.status,
                    reason=reason_for(answer, trace),
                )
            )

    def rate(self, answer_id: str, rating: Rating, comment: str | None = None) -> bool:
        """Keeps a rating; False if no such answer was logged."""
        with self._engine.begin() as connection:
            known = connection.scalar(select(func.count()).where(_Question.answer_id == answer_id))
            if not known:
                return False
            connection.execute(
                insert(_Rating).values(answer_id=answer_id, rated_at=self._now(), rating=rating, comment=comment)
            )
        return True

    def unanswered(self, days: int) -> Sequence[LoggedQuestion]:
        """Questions of the last `days` that were abstained from, or whose last rating is bad; oldest first."""
        last = (
            select(_Rating.rating)
            .where(_Rating.answer_id == _Question.answer_id)
            .order_by(_Rating.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        wanted = (
            select(_Question, last.label("rating"))
            .where(_Question.asked_at > self._now() - timedelta(days=days))
            .where(or_(_Question.status == "abstained", last == "down"))
            .order_by(_Question.id)
        )
        with self._engine.connect() as connection:
            return [
                LoggedQuestion.model_validate({**row, "asked_at": row["asked_at"].replace(tzinfo=UTC)})
                for row in connection.execute(wanted).mappings()
            ]

    def feedback(self, most: int) -> Sequence[Feedback]:
        """The latest ratings, at most so many, with the question whose answer they are about; newest first."""
        question = (
            select(_Question.question)
            .where(_Question.answer_id == _Rating.answer_id)
            .order_by(_Question.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        wanted = select(_Rating, question.label("question")).order_by(_Rating.id.desc()).limit(most)
        with self._engine.connect() as connection:
            return [
                Feedback.model_validate({**row, "rated_at": row["rated_at"].replace(tzinfo=UTC)})
                for row in connection.execute(wanted).mappings()
                if row["question"] is not None
            ]

    def count(self) -> int:
        """How many questions are kept."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(_Question)) or 0

    def forget_old(self) -> int:
        """Removes questions and ratings older than the retention time; gives how many questions went."""
        limit = self._now() - self._keep
        with self._engine.begin() as connection:
            connection.execute(delete(_Rating).where(_Rating.rated_at < limit))
            return connection.execute(delete(_Question).where(_Question.asked_at < limit)).rowcount

    def _now(self) -> datetime:
        # Databases keep no zones alike, so everything in them is UTC without one.
        return self._clock().astimezone(UTC).replace(tzinfo=None)


def reason_for(answer: Answer, trace: Trace) -> str:
    """Why the answer has its status, in one word: the guard that applied, or what keeps it open."""
    if answer.guard is not None:
        return answer.guard
    if answer.status != "abstained":
        return "partly" if answer.partial else answer.status
    if trace.sentences and all(not sentence.kept for sentence in trace.sentences):
        return "dropped_by_verification"
    return answer.abstention.reason if answer.abstention else "not_on_shelf"
