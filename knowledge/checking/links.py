"""Links: those between texts must lead to a section that is there, those of sources to a host that can be trusted."""

import ipaddress
import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from knowledge.document import Document, Frozen, Section

_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)[^)]*\)")
_SHORTENERS = frozenset({"bit.ly", "t.co", "tinyurl.com", "goo.gl", "is.gd", "ow.ly", "buff.ly", "cutt.ly", "rb.gy"})
_TRACKING = re.compile(r"[?&](utm_\w+|fbclid|gclid|ref|aff(?:iliate)?)=", re.IGNORECASE)


def anchors_of(documents: Collection[Document]) -> frozenset[str]:
    """Everything a link may name: `slug` and `slug#anchor`."""
    sections = {f"{document.slug}#{section.anchor}" for document in documents for section in document.sections}
    return frozenset({document.slug for document in documents} | sections)


def dead_links(document: Document, section: Section, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """(link, remedy) for links inside the shelf that lead nowhere: `other.md#part`, `other#part`, `#part`."""
    for target in _LINK.findall(section.text):
        if "://" in target or target.startswith(("mailto:", "/")):
            continue
        page, _, anchor = target.partition("#")
        slug = re.sub(r"\.(md|markdown|html?)$", "", page.rsplit("/", 1)[-1]) or document.slug
        name = f"{slug}#{anchor}" if anchor else slug
        if name not in known:
            near = sorted(each for each in known if each.startswith(f"{slug}#")) if slug in known else []
            remedy = (
                f"link to one of {', '.join(near[:4])}" if near else "link to a document of the shelf, or remove it"
            )
            yield target, remedy


class Unsafe(Frozen):
    """What is wrong with a link; `bad` ones must not be published."""

    problem: str
    remedy: str
    bad: bool = True


def unsafe_host(url: str) -> Unsafe | None:
    """Why a reader should not be sent to `url`; None for a link that may stand.

    >>> unsafe_host("https://192.0.2.7/rates").remedy
    'name the host'
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    private = "." not in host or host.endswith((".local", ".internal", ".onion"))
    disguised = "xn--" in host or not host.isascii()
    rules = (
        (_is_address(host), "names an address instead of a host", "name the host", True),
        (bool(parts.username), "carries a user name", "remove what stands before the @", True),
        (private, f"leads to '{host}', which the public cannot reach", "link to a public page", True),
        (disguised, f"leads to look-alike letters in '{host}'", "link to the publisher", True),
        (host.removeprefix("www.") in _SHORTENERS, f"is shortened by {host}", "link to where it leads", True),
        (bool(_TRACKING.search(url)), "carries a tracking parameter", "remove the parameter", False),
        (parts.scheme != "https", "is not https", "use https if the host has it", False),
    )
    return next((Unsafe(problem=problem, remedy=remedy, bad=bad) for hit, problem, remedy, bad in rules if hit), None)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
