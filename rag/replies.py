"""The fixed sentences of `replies.yaml`: courtesies, limits and the way on."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from rag.gap import GapReason


class Replies(BaseModel):
    """Each field holds what is said in that situation; `gap_of` and `missing` have a {missing} to fill.

    `gap` says why a question stays open, `gap_of` the same with what is missing; `part` names the part that does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    advice: tuple[str, ...]
    gap: Mapping[GapReason, str]
    gap_of: Mapping[GapReason, str]
    covers: tuple[str, ...]
    english: tuple[str, ...]
    part: str
    injection: tuple[str, ...]
    greeting: tuple[str, ...]
    cross: tuple[str, ...]
    missing: tuple[str, ...]
    why_now: tuple[str, ...]
    suggestions: tuple[str, ...]

    @classmethod
    def load(cls) -> "Replies":
        return cls.model_validate(yaml.safe_load(Path(__file__).with_name("replies.yaml").read_text("utf-8")))
