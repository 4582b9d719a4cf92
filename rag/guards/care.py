"""The texts of care: what is said to somebody in despair, in their own language, and where help is."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from rag.languages import ENGLISH

About = Literal["self", "other"]


class HelpLine(BaseModel):
    """One sentence that names where help is, and the ids of the passages that carry what it names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    sources: tuple[str, ...] = Field(min_length=1)


class Care(BaseModel):
    """What is said in one language to one person. `lead` leads over to the answer, where something was asked too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    comfort: tuple[str, ...]
    help: tuple[HelpLine, ...]
    lead: str


class _Texts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    of_self: tuple[str, ...] = Field(alias="self")
    of_other: tuple[str, ...] = Field(alias="other")
    help: tuple[HelpLine, ...]
    lead: str


def care_for(language: str, about: About) -> Care:
    """The care for somebody who writes in `language`, of themselves or of another; English if it has none.

    >>> care_for("de", "self").language, care_for("fi", "other").language
    ('de', 'en')
    """
    texts = care_texts()
    code = language if language in texts else ENGLISH
    own = texts[code]
    return Care(
        language=code,
        comfort=own.of_self if about == "self" else own.of_other,
        help=own.help,
        lead=own.lead,
    )


@lru_cache(maxsize=1)
def care_texts() -> Mapping[str, _Texts]:
    """The texts of `care.yaml`, by ISO 639-1 code."""
    read = yaml.safe_load(Path(__file__).with_name("care.yaml").read_text("utf-8"))
    return {code: _Texts.model_validate(texts) for code, texts in read.items()}
