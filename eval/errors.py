"""What can go wrong in evaluating; every message says what, where and what to do."""


class EvalError(Exception):
    """Root of this room's errors."""


class CasesInvalid(EvalError):
    """A case file breaks the schema; the message names file, line and field."""


class LabelsInvalid(EvalError):
    """The file of labelled pairs breaks its schema; the message names file, line and field."""


class RunUnreadable(EvalError):
    """A folder or file holds no finished run, or one of another version of this program."""


class RunDiffers(EvalError):
    """A run cannot be continued or compared because it stands on something else; the message says on what."""


class GateInvalid(EvalError):
    """The gate names a metric that no scorer gives, or breaks its schema."""


class JudgeUnavailable(EvalError):
    """The language model that should judge cannot be reached or is not installed."""
