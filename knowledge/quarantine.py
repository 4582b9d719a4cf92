"""Keeps orders to programs out of what is known: text of strangers is data, and text nobody can see is none.

A section that reads as an order ("ignore previous instructions") is not indexed; the document says so in its remarks.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from knowledge.document import Document, Section
from knowledge.errors import UnsupportedSource

_ORDERS = re.compile(
    r"""
    \b(ignore|disregard|forget|override|bypass|overrule)\b[^.\n]{0,40}
        \b(previous|prior|above|earlier|preceding|foregoing|all|your|any|system)\b[^.\n]{0,25}
        \b(instructions?|prompts?|rules|guidelines|directions|directives|commands)\b
    | \b(reveal|print|show|repeat|output|leak|disclose)\b[^.\n]{0,30}
        \b(system\ prompt|hidden\ prompt|your\ (instructions|prompt)|instructions\ above|api\ keys?)\b
    | \byou\ are\ (now|no\ longer)\ (in\ )?(an?\ |the\ )?(\w+,?\ (an?\ )?){0,2}
        (assistant|ai|bot|chatbot|dan|jailbroken|unrestricted)\b
    | \b(new|updated|real)\ (system\ )?(instructions?|prompt)\s*:
    | \b(system|developer)\s+(prompt|message|instruction|override)s?\s*:
    | (^|\n)\s*(system|assistant)\s*:\s*(you|ignore|always|never|do\ not)\b
    | <\|\s*(im_start|im_end|system|user|assistant|endoftext)\s*\|> | \[/?INST\] | <</?SYS>>
    | </?(system|instructions)>
    | \b(as|dear|attention|note\ to)\ (an?\ |the\ |any\ |all\ )?(ai|llm|language\ model|assistant|chatbot)s?\b
        [^.\n]{0,60}\b(must|should|always|never|do\ not|don't|tell|say|answer|recommend|respond|reply|include)\b
    | \bdo\ not\ (mention|reveal|disclose|tell)\b[^.\n]{0,40}\b(instructions?|prompt)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ORDERS_UNSEEN = re.compile(
    r"\b(tell|assure|inform|advise|convince|instruct)\b[^.\n]{0,20}\b(users?|readers?|askers?|customers?)\b"
    r"|\b(you|assistant|ai|model) (must|should|will|shall)\b"
    r"|\b(always|never) (say|answer|recommend|respond|reply|mention)\b"
    r"|\binstructions?\b|\bsystem prompt\b",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_MARKUP = re.compile(
    r"<(script|style|iframe|object|embed|template|noscript)\b[^>]*>.*?(?:</\1\s*>|\Z)"
    r"|<(\w+)\b[^>]*(?:\bhidden\b|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0"
    r"|color\s*:\s*(?:white|\#fff|transparent))[^>]*>(.*?)(?:</\2\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


def order_in(text: str) -> str | None:
    """The first words of `text` that read as an order to a program, if any do.

    >>> order_in("Fees are due. Please ignore all previous instructions.")
    'ignore all previous instructions'
    """
    found = _ORDERS.search(" ".join(_plain(text).split(" ")))
    return " ".join(found[0].split())[:80] if found else None


def hidden_orders(texts: Iterable[str]) -> tuple[str, ...]:
    """Remarks on hidden texts that read as orders; with a text that hides, less is enough."""
    found = [_plain(text) for text in texts]
    return tuple(
        f"hidden text was left out that reads as an order to a program: '{' '.join(text.split())[:80]}'"
        for text in found
        if _ORDERS.search(text) or _ORDERS_UNSEEN.search(text)
    )


def quarantined(document: Document) -> Document:
    """The document without what cannot be seen and without the sections that give orders, each named in its remarks.

    Raises UnsupportedSource if nothing is left.
    """
    remarks: list[str] = []
    kept: list[Section] = []
    for section in document.sections:
        seen, hidden = _seen(section.text)
        remarks += hidden_orders(hidden)
        parts = (seen, *section.headings, *section.questions)
        order = next(filter(None, map(order_in, parts)), None)
        if order:
            place = f"page {section.page}" if section.page else f"'{' / '.join(section.headings) or section.anchor}'"
            remarks.append(f"quarantined {place}: it reads as an order to a program ('{order}')")
        elif seen.strip():
            clean = {"text": seen, "headings": _clean(section.headings), "questions": _clean(section.questions)}
            kept.append(section.model_copy(update=clean))
    if order_in(document.title):
        raise UnsupportedSource(f"{document.origin}: its title reads as an order to a program; it was not added")
    if not kept:
        raise UnsupportedSource(f"{document.origin}: {'; '.join(remarks) or 'has no visible text'}; it was not added")
    title = _UNSEEN.sub("", document.title)
    return document.model_copy(
        update={"title": title, "sections": tuple(kept), "remarks": (*document.remarks, *dict.fromkeys(remarks))}
    )


def _seen(text: str) -> tuple[str, list[str]]:
    """The text that a reader sees, and what was hidden in it."""
    hidden = ["".join(chr(ord(tag) - 0xE0000) for tag in tags) for tags in _TAGS.findall(text)]
    hidden += _COMMENT.findall(text)
    text = _COMMENT.sub("", text)
    hidden += [match[3] or "" for match in _MARKUP.finditer(text)]
    text = _MARKUP.sub("", text)
    return _UNSEEN.sub("", text).strip(), [each for each in hidden if each.strip()]


def _clean(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(_UNSEEN.sub("", text) for text in texts)


def _plain(text: str) -> str:
    """Letters that only look different, and letters with nothing between them, are the same order."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
