"""The fixed sentences of `replies.yaml`: courtesies, limits and the way on."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class Replies(BaseModel):
    """Each field is a list of sentences said in that situation; `missing` has a {missing} to fill, `gap` an {asset}.

    `part` says why one part stays open where others are answered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    advice: tuple[str, ...]
    distress: tuple[str, ...]
    prediction: tuple[str, ...]
    unpublished: tuple[str, ...]
    not_known: tuple[str, ...]
    off_topic: tuple[str, ...]
    covers: tuple[str, ...]
    english: tuple[str, ...]
    part: Mapping[str, str]
    injection: tuple[str, ...]
    greeting: tuple[str, ...]
    cross: tuple[str, ...]
    gap: tuple[str, ...]
    missing: tuple[str, ...]
    misquoted: tuple[str, ...]
    why_now: tuple[str, ...]
    suggestions: tuple[str, ...]

    @classmethod
    def load(cls) -> "Replies":
        return cls.model_validate(yaml.safe_load(Path(__file__).with_name("replies.yaml").read_text("utf-8")))
