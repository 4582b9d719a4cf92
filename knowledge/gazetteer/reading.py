"""Reads the lists of the gazetteer, one file a kind, and refuses what is double or badly formed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from knowledge.errors import KnowledgeError
from knowledge.gazetteer.entity import KINDS, Entity, EntityKind
from knowledge.gazetteer.tokens import key_of
from knowledge.loading.slugs import slug_of

_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_WITH_SYMBOL: frozenset[EntityKind] = frozenset({"asset", "stablecoin"})
_FORMERLY = "was "
_SPACE = re.compile(r"\s+")


class GazetteerInvalid(KnowledgeError):
    """A list of the gazetteer breaks its format. Names the file and the key."""

    def __init__(self, path: Path, key: str, problem: str, remedy: str) -> None:
        self.path = path
        self.key = key
        super().__init__(f"{path}: '{key}': {problem}; {remedy}")


@dataclass(frozen=True)
class Lists:
    """All entities; what a shared name means when nothing else tells; and the words that mark a name by its kind."""

    entities: tuple[Entity, ...]
    shared: Mapping[str, str]
    cues: Mapping[str, frozenset[str]]
    ordinary: frozenset[str]


def read_lists(folder: Path) -> Lists:
    """The lists of `folder`. Raises GazetteerInvalid for an entry that is no list of names, and for a double name."""
    shared = {key_of(name): id_ for name, id_ in _mapping(folder / "shared.yaml").items()}
    entities: list[Entity] = []
    for kind in KINDS:
        path = folder / f"{kind}.yaml"
        entities += [_entity(path, kind, key, names) for key, names in _mapping(path).items()]
    _check_unique(folder, entities, shared)
    cues = {kind: frozenset(_parted(words)) for kind, words in _mapping(folder / "cues.yaml").items()}
    return Lists(tuple(entities), shared, cues, frozenset((folder / "ordinary.txt").read_text("utf-8").split()))


def _mapping(path: Path) -> Mapping[str, str]:
    try:
        read = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - the base loader makes text only
    except yaml.YAMLError as error:
        raise GazetteerInvalid(path, "yaml", str(error), "correct the YAML") from error
    if not isinstance(read, dict):
        raise GazetteerInvalid(path, "yaml", "is not a mapping", "write 'name: other name, other name' lines")
    for key, value in read.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise GazetteerInvalid(path, str(key), "is not a line of names", "write its names with commas between")
    return read


def _parted(names: str) -> list[str]:
    return [name for part in names.split(",") if (name := _SPACE.sub(" ", part.strip()))]


def _entity(path: Path, kind: EntityKind, key: str, names: str) -> Entity:
    listed = _parted(names)
    symbol, name = None, key
    if kind in _WITH_SYMBOL:
        if not listed:
            raise GazetteerInvalid(path, key, "has no name", "write the name first behind its symbol")
        symbol, name, listed = key, listed[0], listed[1:]
    aliases, formerly, ambiguous = [], [], []
    for one in listed:
        bare = one.removesuffix("?").removeprefix(_FORMERLY)
        if not key_of(bare):
            raise GazetteerInvalid(path, key, f"'{one}' holds no word", "write a name")
        if one.endswith("?"):
            ambiguous.append(bare)
        if one.startswith(_FORMERLY):
            formerly.append(bare)
        elif not one.endswith("?"):
            aliases.append(bare)
    try:
        return Entity(
            id=slug_of(name),
            name=name,
            kind=kind,
            symbol=symbol,
            aliases=tuple(aliases),
            formerly=tuple(formerly),
            ambiguous=tuple(ambiguous),
        )
    except ValidationError as error:
        raise GazetteerInvalid(path, key, error.errors()[0]["msg"], "correct it") from error


def _check_unique(folder: Path, entities: list[Entity], shared: Mapping[str, str]) -> None:
    by_id: dict[str, Entity] = {}
    holders: dict[str, Entity] = {}
    for entity in entities:
        path = folder / f"{entity.kind}.yaml"
        if entity.id in by_id:
            raise GazetteerInvalid(path, entity.name, f"is also in {by_id[entity.id].kind}.yaml", "name it otherwise")
        by_id[entity.id] = entity
        for key in {key_of(name) for name in entity.names}:
            other = holders.setdefault(key, entity)
            if other is not entity and key not in shared:
                problem = f"'{key}' also names {other.name} in {other.kind}.yaml"
                raise GazetteerInvalid(
                    path, entity.symbol or entity.name, problem, "remove it or add it to shared.yaml"
                )
    for key, id_ in shared.items():
        if id_ not in by_id or key not in {key_of(name) for name in by_id[id_].names}:
            raise GazetteerInvalid(folder / "shared.yaml", key, f"'{id_}' is not called so", "correct it or remove it")
