"""Cuts Markdown into sections at its headings; every loader that can turn its source into Markdown ends here."""

import re

from knowledge.document import Section
from knowledge.loading.slugs import slug_of

HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")


def sections_of(body: str) -> list[Section]:
    """The text under each heading; text before the first heading has the anchor `introduction`."""
    found: list[Section] = []
    path: list[tuple[int, str]] = []
    buffer: list[str] = []
    used: dict[str, int] = {}
    fenced = False

    def close() -> None:
        text = "\n".join(buffer).strip()
        buffer.clear()
        if not text:
            return
        headings = tuple(heading for _, heading in path)
        anchor = slug_of(headings[-1]) if headings else "introduction"
        used[anchor] = used.get(anchor, 0) + 1
        if used[anchor] > 1:
            anchor = f"{anchor}-{used[anchor]}"
        found.append(Section(anchor=anchor, headings=headings, text=text))

    for line in body.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        heading = None if fenced else HEADING.match(line)
        if heading is None:
            buffer.append(line)
            continue
        close()
        level, title = len(heading[1]), heading[2]
        path = [(depth, name) for depth, name in path if depth < level]
        if level > 1:
            path.append((level, title))
    close()
    return found
