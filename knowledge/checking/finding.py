"""What a check found, where, how bad it is and what to do about it."""

from typing import Literal

from knowledge.document import Frozen

Severity = Literal["error", "warning"]


class Finding(Frozen):
    """An error must be mended before the text is published; a warning wants a second look."""

    path: str
    line: int
    severity: Severity
    rule: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity}: {self.problem}; {self.remedy} [{self.rule}]"
