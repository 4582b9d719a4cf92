"""What can go wrong in the knowledge room; every message says what, where and what to do."""

from pathlib import Path


class KnowledgeError(Exception):
    """Root of this room's errors."""


class DocumentInvalid(KnowledgeError):
    """A document breaks its format. Carries the file, the line and the field so that an editor can go there."""

    def __init__(self, path: Path, line: int, field: str, problem: str, remedy: str) -> None:
        self.path = path
        self.line = line
        self.field = field
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{path}:{line}: field '{field}': {problem}; {remedy}")


class UnsupportedSource(KnowledgeError):
    """A path or URL that no loader reads."""


class ModelUnusable(KnowledgeError):
    """The embedding model is missing or its weights are not the ones expected."""


class IndexMismatch(KnowledgeError):
    """The index on disk was built by another embedder or another chunker."""


class IndexEmpty(KnowledgeError):
    """A search was asked of an index that holds nothing."""


class FetchRefused(UnsupportedSource):
    """A URL that may not be fetched: it leads inside the network, is too large, or its site asks not to."""


class FetchFailed(UnsupportedSource):
    """A URL whose server did not deliver."""


class UnknownSource(KnowledgeError):
    """Something to remove that was never added."""
