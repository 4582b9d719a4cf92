"""Makes a PDF page's raw lines readable: running headers out, wrapped lines joined, table rows kept as rows."""

import re
from collections import Counter
from collections.abc import Sequence

_NUMBER = re.compile(r"[(\[$€£+\-–—]*\d[\d,. ]*[%)\]]*")
_EDGE = 2
"""Lines at the top and at the bottom of a page that may be running ones."""


def without_running_lines(pages: Sequence[str]) -> list[str]:
    """The pages without the lines at the edge of many of them (left and right ones differ): headers, page numbers."""
    if len(pages) < 4:
        return list(pages)
    counted = Counter(key for page in pages for key in {_key(line) for line in _edges(page.splitlines())} if key)
    running = {key for key, count in counted.items() if count > len(pages) * 0.3}
    return [_without(page.splitlines(), running) for page in pages]


def heading_of(text: str) -> str | None:
    """The page's first line where it reads as a heading: short, no sentence, mostly letters."""
    first = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), "")
    letters = sum(character.isalpha() or character.isspace() for character in first)
    begins = first[:1].isupper() or first[:1].isdigit()
    if (
        4 <= len(first) <= 80
        and begins
        and letters > 0.7 * len(first)
        and first[-1] not in ".,;:-"
        and len(first.split()) <= 12
    ):
        return first
    return None


def readable(text: str) -> str:
    """Paragraphs as single lines with a blank line between; table rows as lines of their own."""
    lines = [line.rstrip() for line in text.splitlines()]
    widest = max((len(line) for line in lines), default=0)
    out: list[str] = []
    joining = False
    for line in lines:
        if not line.strip():
            joining = False
            if out and out[-1]:
                out.append("")
            continue
        if is_row(line):
            out.append(re.sub(r"(?<=\S) {2,}", " | ", line.strip()))
            joining = False
            continue
        words = " ".join(line.split())
        if joining and out and out[-1]:
            out[-1] = _joined(out[-1], words)
        else:
            out.append(words)
        # A line that ends well before the margin ends its paragraph.
        joining = len(line) > 0.6 * widest or not words.endswith((".", ":", "!", "?"))
        if len(line) < 0.45 * widest:
            joining = False
    return "\n".join(out).strip()


def is_row(line: str) -> bool:
    """Whether a line is a table row: at least two figures, and few words beside them; or columns held by spaces."""
    words = line.split()
    numbers = sum(_NUMBER.fullmatch(word) is not None for word in words)
    return (numbers >= 2 and numbers >= 0.25 * len(words)) or len(re.findall(r"\S {3,}(?=\S)", line)) >= 2


def _joined(before: str, after: str) -> str:
    if before.endswith("-") and before[-2:-1].isalpha() and after[:1].islower():
        return before[:-1] + after
    return f"{before} {after}"


def _edges(lines: Sequence[str]) -> list[str]:
    filled = [line for line in lines if line.strip()]
    return filled if len(filled) <= 2 * _EDGE else [*filled[:_EDGE], *filled[-_EDGE:]]


def _key(line: str) -> str:
    """Page numbers differ from page to page and are the same line."""
    return re.sub(r"\d+", "#", " ".join(line.split()).lower())


def _without(lines: Sequence[str], running: set[str]) -> str:
    filled = [n for n, line in enumerate(lines) if line.strip()]
    edge = set(filled[:_EDGE]) | set(filled[-_EDGE:])
    return "\n".join(line for n, line in enumerate(lines) if n not in edge or _key(line) not in running)
