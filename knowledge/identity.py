"""What an index was made with; vectors of two embedders, or passages of two chunkers, never meet in one."""

from knowledge.document import Frozen


class Identity(Frozen):
    """Recorded with every index. `revision` is the start of the weights' sha256."""

    embedder: str
    revision: str
    dimension: int
    chunker: str

    def __str__(self) -> str:
        return f"{self.embedder} (revision {self.revision}, {self.dimension} dimensions, chunker {self.chunker})"
