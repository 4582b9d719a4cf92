"""Writes out the short words of forums, so that a question means the same to everything that reads it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

_WORD = re.compile(r"(?<![\w$'’./-])[A-Za-z][A-Za-z0-9]*(?:&[A-Za-z]+)?(?![\w'’]|[.-]\w)")
_CHATTER = re.compile(
    r"(?:\s+(?:lol|lmao|lmfao|smh|wtf|omg|ngl|tbh|fr|bro|bruh|man|guys))+(?=[\s.!?]*$)", re.IGNORECASE
)


@lru_cache(maxsize=1)
def _meanings() -> Mapping[str, str]:
    meanings: dict[str, str] = yaml.safe_load(Path(__file__).with_name("slang.yaml").read_text("utf-8"))
    return meanings


def written_out(text: str) -> str:
    """`text` in plain words.

    >>> written_out("shud i sel my bags b4 it drops lol")
    'should i sell my holdings before it drops'
    """
    plain = _CHATTER.sub("", text.replace("w/ ", "with ").replace("w/", "with "))
    return _WORD.sub(lambda match: _meanings().get(match[0].lower(), match[0]), plain)
