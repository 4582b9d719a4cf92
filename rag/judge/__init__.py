"""Whether a passage answers what was asked: learned from what readers wrote and judged, see docs/models.md."""

from rag.judge.encoder import Encoder
from rag.judge.judge import Graded, Judge

__all__ = ["Encoder", "Graded", "Judge"]
