"""Takes out of an HTML tree what a reader of the page would not see: comments, scripts, hidden and invisible text."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CODE = ("script", "style", "template", "noscript", "iframe", "object", "embed", "svg")
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0(\.0+)?\s*(;|$)"
    r"|font-size\s*:\s*(0(\.0+)?\s*(px|pt|em|rem|%)?|(0?\.\d+|1)\s*(px|pt))\s*(;|!|$)"
    r"|(text-indent|left|top)\s*:\s*-\d{3,}"
    r"|color\s*:\s*transparent|clip\s*:\s*rect\(\s*0",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_COLOR = re.compile(r"(?<![-\w])color\s*:\s*([^;!]+)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "#fefefe", "snow"})


def comments_in(markup: str) -> list[str]:
    """The comments of a page, which some parsers drop before anyone has looked at them."""
    return _COMMENT.findall(markup)


def remove_hidden(tree: "HtmlElement") -> list[str]:
    """Removes from `tree` what is not seen, and gives the texts that were hidden from a reader, comments included."""
    from lxml import etree

    texts: list[str] = []
    for comment in list(tree.iter(etree.Comment, etree.ProcessingInstruction)):
        texts.append(str(comment.text or ""))
        _drop(comment)
    for element in list(tree.iter(*_CODE)):
        _drop(element)
    for element in list(tree.iter(etree.Element)):
        if element.getroottree().getroot() is tree.getroottree().getroot() and _is_hidden(element):
            texts.append("".join(element.itertext()))
            _drop(element)
    return [" ".join(text.split()) for text in texts if text.strip()]


def _is_hidden(element: "HtmlElement") -> bool:
    if element.get("hidden") is not None:
        return True
    style = element.get("style", "")
    if _INVISIBLE.search(style):
        return True
    color = _colour(_COLOR, style) or element.get("color", "").strip().lower()
    if not color:
        return False
    # What lies behind the text: the nearest background that is written into the page, else white paper.
    behind = (element, *element.iterancestors())
    background = next(filter(None, (_background(node) for node in behind)), "white")
    return color == background or (color in _WHITE and background in _WHITE)


def _background(element: "HtmlElement") -> str:
    return _colour(_BACKGROUND, element.get("style", "")) or element.get("bgcolor", "").strip().lower()


def _colour(pattern: re.Pattern[str], style: str) -> str:
    found = pattern.search(style)
    return "".join(found[1].split()).lower() if found else ""


def _drop(node: "HtmlElement") -> None:
    """Removes the node and keeps the text that follows it."""
    parent = node.getparent()
    if parent is None:
        return
    before = node.getprevious()
    if node.tail:
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)
