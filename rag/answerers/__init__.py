"""One file for each kind of answer. They are tried in one order, and the trace says which one answered."""

from rag.answerers.answerer import Answerer, Found
from rag.answerers.order import first_reply

__all__ = ["Answerer", "Found", "first_reply"]
