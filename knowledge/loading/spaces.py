"""Corrects what a PDF says of the width of a space where it cannot be true, so that words are not read as one.

TeX gives the code of the space to a visible mark half an em wide. Taken for the width of a space, as pypdf takes it, it
makes the narrow gaps of a justified line look like none: "Allbugsofsomehigherseverities".
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject

_SPACE = 32
_WIDEST = 350
"""Thousandths of an em; in typefaces whose letters differ in width a space has 200 to 350."""
_USUAL = 250
_ODD = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def correct_spaces(page: "PageObject") -> None:
    """Gives every font of the page whose space is too wide to be one the usual width; in memory only."""
    from pypdf.generic import NumberObject

    # What is not as the format has it stays as it is.
    with suppress(*_ODD):
        fonts: dict[str, Any] = _direct(_direct(page["/Resources"])["/Font"])
        for font in map(_direct, fonts.values()):
            with suppress(*_ODD):
                widths, place = _direct(font["/Widths"]), _SPACE - int(font["/FirstChar"])
                differ = len({float(width) for width in widths if float(width)}) > 2
                if differ and place >= 0 and float(widths[place]) > _WIDEST:
                    widths[place] = NumberObject(_USUAL)


def _direct(value: Any) -> Any:
    """What stands at an indirect reference."""
    return value.get_object()
