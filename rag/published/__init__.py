"""Published figures of crashes as one table: asked by a query that is read from the frame, said with a receipt each."""

from rag.published.answerer import PublishedAnswerer
from rag.published.dimension import PublishedGuide
from rag.published.query import FigureQuery, FigureResult
from rag.published.reader import QueryReader
from rag.published.row import FigureRow
from rag.published.statements import Correction, StatementChecker
from rag.published.table import FigureTable

__all__ = [
    "Correction", "FigureQuery", "FigureResult", "FigureRow", "FigureTable", "PublishedAnswerer", "PublishedGuide",
    "QueryReader", "StatementChecker",
]  # fmt: skip
