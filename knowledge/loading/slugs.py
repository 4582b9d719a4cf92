"""Turns a heading or a file name into the slug or anchor that ids are made of."""

import re
import unicodedata


def slug_of(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; never empty."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())
    return "-".join(words) or "section"
