"""What can go wrong on the way from question to answer."""


class RagError(Exception):
    """Root of this room's errors."""


class QuestionInvalid(RagError):
    """The question is empty, too long, or its history cannot be read."""


class ModelUnavailable(RagError):
    """The language model that the settings name cannot be opened; the message says what is missing."""


class TracingUnavailable(RagError):
    """Traces are to go to an exporter that is not installed."""


class WeightsUnusable(RagError):
    """The weights that come with the program are missing or damaged."""
