"""Finds what a text names, however people write it; what follows from that is left to others.

Every word of a text is looked up once in a table of names, so time grows with the length of the text only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from knowledge.gazetteer.entity import Entity, EntityKind, Mention
from knowledge.gazetteer.reading import Lists, read_lists
from knowledge.gazetteer.spelling import Spelling
from knowledge.gazetteer.tokens import Token, are_joined, key_of, tokens
from knowledge.gazetteer.writing import Writing

_FOLDER = Path(__file__).parent
_REMEMBERED = 20_000
"""Texts and words whose names are remembered: those of the shelf are read in every answer."""
_LONGEST_REMEMBERED = 4_000
_MASK = "bitcoin"
_INITIALS = 2
"""Letters of a symbol so short that it counts in capitals only."""
_QUOTES = frozenset(
    {"usdt", "usdc", "usd", "busd", "fdusd", "tusd", "usde", "perp", "swap", "eur", "krw", "jpy", "gbp"}
)
_QUOTED = re.compile(
    r"([a-z0-9]{2,})(?:usdt|usdc|fdusd|busd|usd|perp)|([a-z0-9]{2,})_(?:usdt|usdc|usd|perp)(?:_[a-z0-9]+)?"
)
_COUNTED = re.compile(r"\d+k?(?=[a-z]{2})")
_CONTAINING: frozenset[EntityKind] = frozenset({"product", "index", "company", "publisher", "regulator", "fund"})
"""Kinds whose names may hold the names of other things: "Grayscale Bitcoin Trust" also speaks of bitcoin."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as looked up: what it may mean, those for which it is an ordinary word, and which is meant by default."""

    entities: tuple[Entity, ...]
    ambiguous: frozenset[str]
    default: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A name at the words `first` to `last` of a text, with what it may mean there."""

    name: _Name
    first: int
    last: int
    start: int
    end: int
    sure: bool


class Gazetteer:
    """All entities, and where a text names them.

    >>> gazetteer = Gazetteer.load()
    >>> [entity.name for entity in gazetteer.entities("Is ether on Binance worse than bitcoin?")]
    ['Ethereum', 'Binance', 'Bitcoin']
    """

    def __init__(self, lists: Lists) -> None:
        self.all = lists.entities
        self._by_id = {entity.id: entity for entity in self.all}
        self._cues = lists.cues
        self._names = _names_of(lists)
        self._longest: dict[str, int] = {}
        for key in self._names:
            words = key.split()
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
        self._spelling = Spelling((key for key in self._names if " " not in key), lists.ordinary)
        self._of_word = lru_cache(_REMEMBERED)(self._read_word)
        self._of_text = lru_cache(_REMEMBERED)(self._read_text)

    @classmethod
    def load(cls) -> "Gazetteer":
        """The gazetteer of this repository; read once. Raises GazetteerInvalid for a faulty list."""
        return _loaded(_FOLDER)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Where `text` names something, in reading order and without overlap: the longest name wins."""
        return tuple(mentions[0] for mentions in self._read(text))

    def entities(self, text: str) -> tuple[Entity, ...]:
        """What `text` names, each once, in the order it is named."""
        return tuple({mention.entity.id: mention.entity for mention in self.mentions(text)}.values())

    def assets(self, text: str) -> tuple[str, ...]:
        """Symbols of the coins that `text` names, each once; stablecoins are money and do not count.

        >>> Gazetteer.load().assets("is ether worse than bitcoin?")
        ('ETH', 'BTC')
        """
        return tuple(dict.fromkeys(symbol for _, symbol in self.asset_spans(text)))

    def asset_spans(self, text: str) -> tuple[tuple[tuple[int, int], str], ...]:
        """Where `text` names a coin, and its symbol, in reading order; also inside the name of a product."""
        return tuple(
            ((mention.start, mention.end), mention.entity.symbol)
            for mention in self._with_contained(text)
            if mention.entity.kind == "asset" and mention.entity.symbol
        )

    def masked(self, text: str) -> str:
        """`text` with every coin called bitcoin, so that only what is asked about it remains."""
        return _replaced(text, ((span, _MASK) for span, _ in self.asset_spans(text)))

    def by_symbol(self, text: str) -> str:
        """`text` with every coin called by its symbol.

        >>> Gazetteer.load().by_symbol("Bitcoin and ether fell.")
        'BTC and ETH fell.'
        """
        return _replaced(text, self.asset_spans(text))

    def names(self) -> frozenset[str]:
        """Every name of every entity, in lower case."""
        return frozenset(name.lower() for entity in self.all for name in entity.names)

    def unmistakable_names(self) -> frozenset[str]:
        """As `names`, without those that are ordinary words too."""
        return frozenset(
            name.lower() for entity in self.all for name in entity.names if not self._names[key_of(name)].ambiguous
        )

    def of_kind(self, *kinds: EntityKind) -> tuple[Entity, ...]:
        """The entities of these kinds, in the order of the lists."""
        return tuple(entity for entity in self.all if entity.kind in kinds)

    def entity(self, id_: str) -> Entity:
        """The entity with this id. Raises KeyError if there is none."""
        return self._by_id[id_]

    def named_in(self, entity: Entity, text: str) -> bool:
        """Whether `text` names `entity` by any of its names, current or former, also by one that it shares.

        >>> gazetteer = Gazetteer.load()
        >>> gazetteer.named_in(gazetteer.entity("okx"), "OKEx halted withdrawals in 2020.")
        True
        """
        read = self._read(text)
        if any(mention.entity.id == entity.id for mentions in read for mention in mentions):
            return True
        return any(mention.entity.id == entity.id for mention in self._with_contained(text))

    def _with_contained(self, text: str) -> list[Mention]:
        found: list[Mention] = []
        for mention in self.mentions(text):
            inside = self._contained(text, mention) if _may_contain(mention.entity) else []
            found += [mention, *inside]
        return found

    def _contained(self, text: str, outer: Mention) -> list[Mention]:
        """The names inside a name of several words."""
        words = tokens(text[outer.start : outer.end])
        found = []
        for word in words if len(words) > 1 else []:
            name = self._names.get(word.word)
            for entity in name.entities if name else ():
                if name and entity.id not in name.ambiguous and entity.id != outer.entity.id:
                    found.append(Mention(entity, outer.start + word.start, outer.start + word.end))
                    break
        return found

    def _read(self, text: str) -> tuple[tuple[Mention, ...], ...]:
        return self._of_text(text) if len(text) <= _LONGEST_REMEMBERED else self._read_text(text)

    def _read_text(self, text: str) -> tuple[tuple[Mention, ...], ...]:
        """For each name in `text` what it may mean there, the likeliest first."""
        words = tokens(text)
        found = self._found(text, words)
        if not found:
            return ()
        writing = Writing(text, words, self._cues)
        allowed = [self._allowed(one, writing) for one in found]
        _spread(text, words, found, allowed, self._cues["stressed"])
        return tuple(
            tuple(Mention(entity, one.start, one.end) for entity in _ranked(one, entities, writing))
            for one, entities in zip(found, allowed, strict=True)
            if entities
        )

    def _found(self, text: str, words: list[Token]) -> list[_Found]:
        found, place = [], 0
        while place < len(words):
            one = self._at(text, words, place)
            if one is not None:
                found.append(one)
            place = one.last + 1 if one else place + 1
        return found

    def _at(self, text: str, words: list[Token], first: int) -> _Found | None:
        """The longest name that begins at word `first`."""
        last = first
        key = words[first].word
        keys = [key]
        for last in range(first + 1, min(first + self._longest.get(key, 1), len(words))):
            if not are_joined(text, words[last - 1], words[last]):
                break
            keys.append(f"{keys[-1]} {words[last].word}")
        for count in range(len(keys), 1, -1):
            name = self._names.get(keys[count - 1]) or self._names.get(keys[count - 1].removesuffix("s"))
            if name is not None:
                return _found_at(text, words, name, first, first + count - 1)
        name, skipped, sure = self._of_word(key)
        if name is None:
            return None
        last = _end_of_pair(text, words, first) if _has_symbol(name) else first
        return _found_at(text, words, name, first, last, skipped=skipped, sure=sure or last > first)

    def _read_word(self, word: str) -> tuple[_Name | None, int, bool]:
        """The name that one word is, how many of its letters stand before the name, and whether its form is proof."""
        name = self._names.get(word)
        if name is not None:
            return name, 0, False
        # Plurals: "bitcoins"; of an ordinary word they are ordinary ("links").
        single = self._names.get(word[:-1]) if len(word) > 4 and word.endswith("s") else None
        if single is not None and not single.ambiguous:
            return single, 0, False
        pair = _QUOTED.fullmatch(word)
        base = self._names.get(pair[1] or pair[2]) if pair else None
        if base is not None and _has_symbol(base):
            return base, 0, True
        amount = _COUNTED.match(word)
        counted = self._names.get(word[amount.end() :]) if amount else None
        if amount and counted is not None and _has_symbol(counted) and not counted.ambiguous:
            return counted, amount.end(), True
        nearest = self._spelling.name_of(word)
        return (self._names[nearest] if nearest else None), 0, False

    def _allowed(self, found: _Found, writing: Writing) -> tuple[Entity, ...]:
        name = found.name
        if found.sure:
            return tuple(entity for entity in name.entities if entity.symbol) or name.entities
        return tuple(
            entity
            for entity in name.entities
            if entity.id not in name.ambiguous or writing.is_name(entity, found.first, found.last)
        )


def _names_of(lists: Lists) -> dict[str, _Name]:
    holders: dict[str, list[Entity]] = {}
    ambiguous: dict[str, set[str]] = {}
    for entity in lists.entities:
        for key in dict.fromkeys(map(key_of, entity.names)):
            holders.setdefault(key, []).append(entity)
            if entity.symbol is not None and len(key) <= _INITIALS and key.isascii():
                ambiguous.setdefault(key, set()).add(entity.id)
        for key in map(key_of, entity.ambiguous):
            ambiguous.setdefault(key, set()).add(entity.id)
    return {
        key: _Name(tuple(entities), frozenset(ambiguous.get(key, ())), lists.shared.get(key))
        for key, entities in holders.items()
    }


def _may_contain(entity: Entity) -> bool:
    return entity.kind in _CONTAINING or entity.name.endswith(" token")


def _has_symbol(name: _Name) -> bool:
    return any(entity.symbol for entity in name.entities)


def _found_at(
    text: str, words: list[Token], name: _Name, first: int, last: int, *, skipped: int = 0, sure: bool = False
) -> _Found:
    start = words[first].start + skipped
    if not skipped and start > 0 and text[start - 1] == "$" and (start == 1 or not text[start - 2].isalnum()):
        start -= 1
    return _Found(name, first, last, start, words[last].end, sure)


def _end_of_pair(text: str, words: list[Token], first: int) -> int:
    """The last word of a pair that begins with a coin: "BTC/USDT", "BTC-USD", "BTC-USDT-SWAP"."""
    last = first
    while last + 1 < len(words) and words[last + 1].word in _QUOTES:
        gap = text[words[last].end : words[last + 1].start]
        if len(gap) != 1 or gap not in "/-:":
            break
        last += 1
    return last


def _spread(
    text: str,
    words: list[Token],
    found: list[_Found],
    allowed: list[tuple[Entity, ...]],
    stressed: frozenset[str],
) -> None:
    """Takes an ordinary word for a name where it stands in a row with names of its kind: "btc, link and ada"."""
    for order in (range(1, len(found)), range(len(found) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for place in order:
            word = words[found[place].first].word
            if allowed[place] or not allowed[place + step] or len(word) == 1 or word in stressed:
                continue
            if not _in_a_row(text, words, found, place, place + step):
                continue
            kinds = {entity.kind for entity in allowed[place + step]}
            allowed[place] = tuple(entity for entity in found[place].name.entities if entity.kind in kinds)


def _in_a_row(text: str, words: list[Token], found: list[_Found], place: int, other: int) -> bool:
    left, right = found[min(place, other)], found[max(place, other)]
    between = text[left.end : right.start].strip().lower()
    following = found[place].last + 1
    # "btc or near 100k" is about a price.
    if following < len(words) and words[following].word[0].isdigit():
        return False
    return between in {",", "/", "and", "or", "vs", "vs.", "versus", ", and", ", or", "&", "+", "/ "}


def _ranked(found: _Found, entities: tuple[Entity, ...], writing: Writing) -> list[Entity]:
    if len(entities) == 1:
        return list(entities)
    # GMX is written in capitals also where the protocol is meant.
    always_capital = any(entity.symbol is None and entity.name.isupper() for entity in entities)
    of_asset = found.sure or writing.is_of_asset(found.first, found.last, capitals_tell=not always_capital)

    def rank(entity: Entity) -> tuple[bool, bool]:
        return (of_asset and entity.symbol is None, entity.id != found.name.default)

    return sorted(entities, key=rank)


def _replaced(text: str, spans: Iterable[tuple[tuple[int, int], str]]) -> str:
    for (start, end), word in reversed(list(spans)):
        text = f"{text[:start]}{word}{text[end:]}"
    return text


@cache
def _loaded(folder: Path) -> Gazetteer:
    return Gazetteer(read_lists(folder))
