"""From a message to frames: what it asks, read once, so that no later stage looks at its words again."""

from rag.reader.heads import Heads, Scores
from rag.reader.reader import Reader

__all__ = ["Heads", "Reader", "Scores"]
