"""Which passages answer the same question, as an editor sees it; read from `subjects.yaml` beside the articles."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

FILE = "subjects.yaml"


class Subjects:
    """Groups of passage ids: a FAQ entry and what else answers it."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self.groups = groups
        self._beside: dict[str, set[str]] = {}
        for first, others in groups.items():
            members = {first, *others}
            for member in members:
                self._beside.setdefault(member, set()).update(members - {member})

    @classmethod
    def load(cls, content: Path) -> "Subjects":
        """The groups of the shelf in the folder `content`; none where it keeps no such file."""
        path = content / FILE
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {})

    def beside(self, passage_id: str) -> frozenset[str]:
        """The other passages of every group that `passage_id` is in.

        >>> sorted(Subjects({"faq#a": ["terms#a", "article#a"]}).beside("terms#a"))
        ['article#a', 'faq#a']
        """
        return frozenset(self._beside.get(passage_id, ()))

    def astray(self, known: Iterable[str]) -> list[tuple[str, str]]:
        """(entry, member) of the groups that name what is not in `known`."""
        there = set(known)
        return [(first, one) for first, others in self.groups.items() for one in (first, *others) if one not in there]
