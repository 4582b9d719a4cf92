"""Cuts a section's text into blocks (paragraph, list, table, code) and packs them into pieces that fit a length.

A table that is too long is cut between rows and repeats its head; a list is cut between items; prose between
sentences; only a sentence that is itself too long is cut between words, and a word between letters.
"""

import re
from collections.abc import Callable, Iterator, Sequence

Length = Callable[[str], int]

_ITEM = re.compile(r"^\s*([-*+•]|\d{1,3}[.)])\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def pieces(text: str, length: Length, room: int) -> list[str]:
    """The text in pieces of at most `room`, in order; every word is in one of them."""
    if length(text) <= room:
        return [text]
    packed: list[str] = []
    for block in _blocks(text):
        for part in _parts(block, length, room):
            joined = f"{packed[-1]}\n\n{part}" if packed else part
            if packed and length(joined) <= room:
                packed[-1] = joined
            else:
                packed.append(part)
    return packed


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines that belong together: what blank lines part, code apart, tables apart from the prose above."""
    block: list[str] = []
    fenced = False
    for line in text.splitlines():
        fence = line.lstrip().startswith(("```", "~~~"))
        new = not fenced and (not line.strip() or (block and _is_row(line) != _is_row(block[-1])))
        if new and block:
            yield block
            block = []
        if line.strip() or fenced:
            block.append(line)
        if fence:
            fenced = not fenced
    if block:
        yield block


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|") and line.rstrip().endswith("|")


def _parts(lines: Sequence[str], length: Length, room: int) -> list[str]:
    text = "\n".join(lines)
    if length(text) <= room:
        return [text]
    head = "\n".join(lines[:2]) if len(lines) > 3 and _is_row(lines[0]) and set(lines[1]) <= set("|-: ") else ""
    if head and length(head) < room / 2:
        return _packed(lines[2:], "\n", length, room, head + "\n")
    if len(lines) > 1:
        return _packed(_items(lines), "\n", length, room)
    return _packed(_SENTENCE_END.split(text), " ", length, room)


def _items(lines: Sequence[str]) -> list[str]:
    """List items with the lines that continue them."""
    items: list[str] = []
    for line in lines:
        if items and _ITEM.match(items[0]) and not _ITEM.match(line):
            items[-1] += "\n" + line
        else:
            items.append(line)
    return items


def _packed(units: Sequence[str], separator: str, length: Length, room: int, head: str = "") -> list[str]:
    packed: list[str] = []
    for unit in units:
        joined = f"{packed[-1]}{separator}{unit}" if packed else head + unit
        if packed and length(joined) <= room:
            packed[-1] = joined
        elif length(head + unit) <= room:
            packed.append(head + unit)
        else:
            packed += _finer(unit, length, room)
    return packed


def _finer(unit: str, length: Length, room: int) -> list[str]:
    for pattern, separator in ((_SENTENCE_END, " "), (re.compile(r"\s+"), " ")):
        parts = [part for part in pattern.split(unit) if part]
        if len(parts) > 1:
            return _packed(parts, separator, length, room)
    half = len(unit) // 2
    return (
        [unit]
        if length(unit) <= room or half == 0
        else [
            *_finer(unit[:half], length, room),
            *_finer(unit[half:], length, room),
        ]
    )
