"""Holds every claim to its evidence: what the evidence does not carry is not said."""

from rag.verifying.numbers import unsupported_numbers
from rag.verifying.support import THRESHOLD, Support
from rag.verifying.verdict import Verdict, Verifier

__all__ = ["THRESHOLD", "Support", "Verdict", "Verifier", "unsupported_numbers"]
