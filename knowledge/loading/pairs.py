"""Reads questions and answers from a table (CSV) or a list (JSON), as other FAQ programs export them."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from knowledge.document import Document, Section, Source
from knowledge.errors import DocumentInvalid
from knowledge.loading.slugs import slug_of


class _Pair(BaseModel):
    """One entry; columns of other names are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | None = None
    question: str = Field(min_length=2)
    answer: str = Field(min_length=1)
    alternates: tuple[str, ...] = ()
    source: str | None = None
    url: str | None = None

    @field_validator("alternates", mode="before")
    @classmethod
    def _from_one_cell(cls, value: object) -> object:
        """In a table the alternates share a cell, split by bars or line ends."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.replace("\n", "|").split("|") if part.strip())
        return value or ()


def load_pairs(path: Path) -> Document:
    """One FAQ page. CSV needs the columns `question` and `answer`; JSON a list of objects with these fields, or an
    object that holds it under `entries`.

    Raises DocumentInvalid with the line and field at fault.
    """
    text = path.read_text(encoding="utf-8-sig")
    rows = _csv_rows(text, path) if path.suffix.lower() == ".csv" else _json_rows(text, path)
    sections: dict[str, Section] = {}
    for line, row in rows:
        pair = _pair(row, path, line)
        anchor = slug_of(pair.id or pair.question)[:60].strip("-")
        if anchor in sections:
            problem = f"'{pair.question}' asks what an entry above it asks"
            raise DocumentInvalid(path, line, "question", problem, "merge the two, or give each an id")
        sources = (Source(name=(pair.source or path.name).ljust(2), url=pair.url or None),)
        sections[anchor] = Section(
            anchor=anchor,
            headings=(pair.question,),
            text=pair.answer,
            questions=(pair.question, *pair.alternates),
            sources=sources,
        )
    if not sections:
        raise DocumentInvalid(path, 1, "question", "no entry was found", "give at least one question with its answer")
    return Document(
        slug=slug_of(path.stem),
        kind="faq",
        title=path.stem.replace("_", " ").replace("-", " "),
        topic="added",
        updated=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date(),
        origin=str(path),
        sections=tuple(sections.values()),
    )


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    header = text.splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator)
    names = [str(name).strip().lower() for name in reader.fieldnames or ()]
    for column in ("question", "answer"):
        if column not in names:
            problem = f"is not among the columns {', '.join(names) or '(none)'}"
            raise DocumentInvalid(path, 1, column, problem, "name the columns question and answer in the first line")
    reader.fieldnames = names
    start = 2
    for row in reader:
        # None collects cells beyond the header, and stands for cells that the line lacks.
        yield start, {name: value.strip() for name, value in row.items() if name and isinstance(value, str) and value}
        start = reader.line_num + 1


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentInvalid(path, error.lineno, "json", error.msg, "correct the JSON") from error
    entries = data.get("entries") if isinstance(data, dict) else data
    if not isinstance(entries, list):
        raise DocumentInvalid(path, 1, "json", "holds no list of entries", "give [{question, answer}, ...]")
    position = text.index("[", text.find('"entries"') if isinstance(data, dict) else 0) + 1
    decoder = json.JSONDecoder()
    for entry in entries:
        while text[position] in " \t\r\n,":
            position += 1
        line = text.count("\n", 0, position) + 1
        if not isinstance(entry, dict):
            raise DocumentInvalid(path, line, "entry", "is not an object", "give {question, answer}")
        yield line, {str(name).strip().lower(): value for name, value in entry.items()}
        _, position = decoder.raw_decode(text, position)


def _pair(row: Mapping[str, object], path: Path, line: int) -> _Pair:
    try:
        return _Pair.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        problem = first["msg"][0].lower() + first["msg"][1:]
        remedy = "add it" if first["type"] == "missing" else "correct it"
        raise DocumentInvalid(path, line, field, problem, remedy) from error
