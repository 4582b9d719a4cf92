"""Checks every document of a shelf and gives all findings, in the order of files and lines."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from knowledge.checking.finding import Finding
from knowledge.checking.links import anchors_of, dead_links, unsafe_host
from knowledge.checking.numbers import disagreements
from knowledge.checking.place import Lines
from knowledge.checking.prose import hard_to_read, sentences
from knowledge.checking.repeats import near_duplicates
from knowledge.document import Document, Section
from knowledge.errors import DocumentInvalid
from knowledge.figures import Event
from knowledge.subjects import FILE, Subjects

_EDITED = frozenset({".md", ".markdown", ".txt", ".yaml", ".yml", ".csv", ".json"})
"""Files that an editor of the shelf writes; of PDFs, pages and feeds only the links and repeats are his."""


class _Make(Protocol):
    """Makes a finding about `words` of a section of the document at hand."""

    def __call__(
        self, section: Section | None, words: str, rule: str, problem: str, remedy: str, *, bad: bool
    ) -> Finding: ...


def check_shelf(documents: Sequence[Document], events: Sequence[Event], content: Path) -> list[Finding]:
    """All findings; `content` is where the bundled documents stand, whose origins are relative to it."""
    known = anchors_of(documents)
    found = [finding for document in documents for finding in _of_document(document, known, events, content)]
    more = [*_repeated(documents, content), *_astray(known, content)]
    return sorted([*found, *more], key=lambda finding: (finding.path, finding.line))


def invalid_files(faults: Sequence[DocumentInvalid]) -> list[Finding]:
    """Files that break their format, as findings; nothing else can be checked before they are mended."""
    return [
        Finding(
            path=str(fault.path),
            line=fault.line,
            severity="error",
            rule="format",
            problem=f"field '{fault.field}': {fault.problem}",
            remedy=fault.remedy,
        )
        for fault in faults
    ]


def _of_document(
    document: Document, known: frozenset[str], events: Sequence[Event], content: Path
) -> Iterator[Finding]:
    path = _path(document, content)
    lines = Lines(path)

    def finding(section: Section | None, words: str, rule: str, problem: str, remedy: str, *, bad: bool) -> Finding:
        line = lines.of(words, lines.of(section.headings[-1] if section and section.headings else ""))
        return Finding(
            path=str(path),
            line=line,
            severity="error" if bad else "warning",
            rule=rule,
            problem=problem,
            remedy=remedy,
        )

    bundled = document.topic != "added"
    for section in document.sections:
        name = f"'{section.headings[-1] if section.headings else document.title}'"
        if bundled and document.kind == "faq" and not (section.sources or document.sources):
            yield finding(section, "", "sources", f"{name} names no source", "name one", bad=False)
        for link, remedy in dead_links(document, section, known):
            yield finding(section, link, "links", f"the link to {link} leads nowhere", remedy, bad=True)
        if path.suffix.lower() in _EDITED and bundled:
            yield from _prose(section, events, finding)
    sources = [*document.sources, *(source for section in document.sections for source in section.sources)]
    urls = {str(source.url) for source in sources if source.url}
    for url in sorted(urls if bundled else ()):
        unsafe = unsafe_host(url)
        if unsafe:
            yield finding(None, url, "hosts", f"the source {url} {unsafe.problem}", unsafe.remedy, bad=unsafe.bad)
    for remark in document.remarks:
        yield finding(None, "", "left out", remark, "mend the file and sync again", bad=False)


def _prose(section: Section, events: Sequence[Event], finding: _Make) -> Iterator[Finding]:
    for sentence in sentences(section.text):
        hard = hard_to_read(sentence)
        if hard:
            yield finding(section, sentence, "readability", hard, "cut it in two", bad=False)
        for amount, said in disagreements(sentence, events):
            problem = f"{amount} stands in no figure of the event ({said})"
            remedy = "correct the sentence, or add the figure with its source to the event"
            yield finding(section, sentence, "figures", problem, remedy, bad=False)


def _repeated(documents: Sequence[Document], content: Path) -> Iterator[Finding]:
    places = {
        f"{document.slug}#{section.anchor}": (document, section)
        for document in documents
        if document.topic != "added"
        for section in document.sections
    }
    for first, second, share in near_duplicates({name: section.text for name, (_, section) in places.items()}):
        document, section = places[second]
        path = _path(document, content)
        yield Finding(
            path=str(path),
            line=Lines(path).of(section.text),
            severity="warning",
            rule="repeats",
            problem=f"{second} says {share:.0%} of what {first} says",
            remedy="merge the two, or let one of them go deeper",
        )


def _astray(known: frozenset[str], content: Path) -> Iterator[Finding]:
    path = content / FILE
    lines = Lines(path)
    for entry, passage in Subjects.load(content).astray(known):
        yield Finding(
            path=str(path),
            line=lines.of(passage, lines.of(f"{entry}:")),
            severity="error",
            rule="subjects",
            problem=f"{passage} is no section of the shelf",
            remedy="name one that is, or remove the line",
        )


def _path(document: Document, content: Path) -> Path:
    origin = Path(document.origin)
    return origin if origin.is_absolute() or "://" in document.origin else content / origin
