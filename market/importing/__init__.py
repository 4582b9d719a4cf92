"""Brings files of market data into the store, or refuses them with the line, the column and the remedy."""

from market.importing.importing import ImportSummary, Progress, import_file

__all__ = ["ImportSummary", "Progress", "import_file"]
