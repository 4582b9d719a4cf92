"""What can go wrong in the faces themselves."""


class UiError(Exception):
    """Root of this room's errors."""


class AddressUnusable(UiError):
    """The server cannot listen where it was told to."""
