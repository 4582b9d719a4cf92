"""Where a passage stands in Learn; the parts of a long section share the section's place."""

import re

_PART = re.compile(r"-part-\d+$")


def place(slug: str, anchor: str) -> str:
    """The address of a passage.

    >>> place("liquidation-cascades", "what-stops-a-cascade-part-2")
    '/learn/liquidation-cascades#what-stops-a-cascade'
    """
    return f"/learn/{slug}#{_PART.sub('', anchor)}"
