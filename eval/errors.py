"""What can go wrong in evaluating; every message says what, where and what to do."""


class EvalError(Exception):
    """Root of this room's errors."""


class CasesInvalid(EvalError):
    """A case file breaks the schema; the message names file, line and field."""
