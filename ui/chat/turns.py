"""A question and its answer as a page shows them: status, text with markers, receipts beside it, the next steps."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from markupsafe import Markup, escape

from market.market import Market
from rag.answer import Answer
from rag.streaming import Said
from ui.chat.exporting import as_markdown
from ui.chat.receipts import MODES, receipts
from ui.chat.standing import standing
from ui.pages.rendering import prose, render

_MARKER = re.compile(r"\s?\[(\d+)\]")
REASONS = (
    "It is not true",
    "It does not answer what I asked",
    "A receipt does not fit its sentence",
    "It is hard to understand",
)
"""What can be said with a thumb down; the words of the asker go with it."""


def conversation(answers: Sequence[Answer], market: Market, *, offering: bool = True) -> str:
    """The answers of a conversation, oldest first; the last one's follow-ups are offered while none is being made."""
    last = answers[-1:] if offering else ()
    return "".join(turn(answer, market, last=answer in last) for answer in answers)


def turn(answer: Answer, market: Market, *, last: bool) -> Markup:
    """One finished turn."""
    return render(
        "turn.html",
        question=answer.question,
        answer=answer,
        standing=standing(answer),
        text=with_markers(answer),
        receipts=receipts(answer, market, first_open=last),
        reading_used=any(item.kind == "reading" for item in answer.evidence),
        mode=MODES[answer.data.mode],
        reasons=REASONS,
        share=shared(answer),
        exported=as_markdown(answer),
        document=answer.model_dump_json(indent=2),
        last=last,
    )


def turn_under_way(question: str, said: Sequence[Said] = ()) -> Markup:
    """A turn whose answer is still being made; `said` are its sentences so far, each already verified."""
    paragraphs: dict[int, list[str]] = {}
    for one in said:
        paragraphs.setdefault(one.paragraph, []).append(one.claim.text)
    text = prose("\n\n".join(" ".join(sentences) for sentences in paragraphs.values()))
    working = "Checking the next sentence" if said else "Looking up passages, figures and readings"
    return render("turn.html", question=question, answer=None, problem=None, text=text, working=working)


def turn_failed(question: str, problem: str) -> Markup:
    """A turn that has no answer, with the reason."""
    return render("turn.html", question=question, answer=None, problem=problem)


def with_markers(answer: Answer) -> Markup:
    """The answer's text with each [n] a link to its receipt; numbers without a receipt stay text."""
    titles = {item.n: item.title for item in answer.evidence}

    def link(match: re.Match[str]) -> str:
        n = int(match[1])
        if n not in titles:
            return match[0]
        return f'<a class="marker" href="#{answer.id}-{n}" aria-label="Receipt {n}: {escape(titles[n])}">{n}</a>'

    return Markup(_MARKER.sub(link, prose(answer.answer)))  # noqa: S704 - prose and title are escaped


def shared(answer: Answer) -> str:
    """The address that asks this question again, with the market as it stood."""
    moment = {"as_of": answer.data.as_of.isoformat()} if answer.data.mode != "none" else {}
    return f"/?{urlencode({'q': answer.standalone_question, **moment})}"
