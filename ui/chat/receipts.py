"""Receipts as HTML: every marker in an answer opens the passage, figure, reading or calculation behind it."""

import re
from collections.abc import Mapping
from html import escape

from rag.answer import Answer
from rag.evidence import Evidence
from rag.phrasing import day_in_words

_MARKER = re.compile(r"\[(\d+)\]")
_KINDS = {
    "passage": "Passage",
    "figure": "Published figure",
    "reading": "Reading",
    "calculation": "Calculation",
}


def linked_markers(answer: Answer) -> str:
    """The answer's markdown with each [n] a link to its receipt."""
    return _MARKER.sub(rf"[[\1]](#{_anchor(answer, 0)}\1)", answer.answer)


def receipts_panel(answers: list[Answer]) -> str:
    """The receipts of all answers, the latest first and open, earlier ones folded."""
    if not answers:
        return '<p class="mp-empty">The sources of each answer appear here, numbered as in the text.</p>'
    latest, *earlier = reversed(answers)
    parts = [f'<section class="mp-receipts">{_list(latest)}</section>']
    parts += [
        f'<details class="mp-earlier"><summary>{escape(answer.question)}</summary>{_list(answer)}</details>'
        for answer in earlier
    ]
    return "".join(parts)


def _list(answer: Answer) -> str:
    if not answer.evidence:
        return '<p class="mp-empty">This reply states no facts, so it needs no receipt.</p>'
    return "".join(_receipt(answer, item) for item in answer.evidence)


def _receipt(answer: Answer, item: Evidence) -> str:
    said = [claim.text for claim in answer.claims if item.n in claim.evidence]
    opened = " open" if item.n == 1 else ""
    return (
        f'<details class="mp-receipt mp-{item.kind}" id="{_anchor(answer, item.n)}"{opened}>'
        f'<summary><span class="mp-n">{item.n}</span> <span class="mp-title">{escape(item.title)}</span>'
        f'<span class="mp-kind">{_KINDS[item.kind]}</span></summary>'
        f'<div class="mp-body"><p>{_with_marks(item.text, said)}</p>{_provenance(item)}</div></details>'
    )


def _with_marks(text: str, said: list[str]) -> str:
    """The receipt's text with the sentences that the answer took from it marked."""
    shown = escape(" ".join(text.split()))
    for sentence in said:
        quoted = escape(sentence)
        shown = shown.replace(quoted, f"<mark>{quoted}</mark>")
    return shown


def _provenance(item: Evidence) -> str:
    lines = []
    if item.kind == "passage":
        lines += [_source(source) for source in item.detail.get("sources", [])]
        lines.append(f"updated {day_in_words(str(item.detail['updated']))}")
    elif item.source_url:
        lines.append(_link(item.source_url, str(item.detail.get("source", "source"))))
    return "".join(f'<p class="mp-source">{line}</p>' for line in lines)


def _source(source: Mapping[str, str | None]) -> str:
    name, url, date = source["name"] or "source", source.get("url"), source.get("date")
    return (_link(url, name) if url else escape(name)) + (f", {day_in_words(date)}" if date else "")


def _link(url: str, name: str) -> str:
    return f'<a href="{escape(url, quote=True)}" target="_blank" rel="noopener noreferrer nofollow">{escape(name)}</a>'


def _anchor(answer: Answer, n: int) -> str:
    return f"{answer.id}-{n or ''}"
