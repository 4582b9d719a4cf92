"""Explains from passages: a curated answer where one fits, else the sentences that answer best, in their own order.

Which passages were found is decided before; numbers that stand beside them are said elsewhere.
"""

import re
from collections.abc import Callable, Sequence

from knowledge.document import Passage
from knowledge.figures import Event
from knowledge.index import Hit
from rag.draft import DraftClaim, Paragraph
from rag.evidence import from_passage
from rag.relevance import is_dated
from rag.selecting import Weights, beside, best_run, coverage
from rag.sentences import sentences
from rag.settings import RagSettings

_MAIN = 4
_SIDE = 2
_SURE = 0.6
"""Cosine to a phrasing from which a curated answer that also leads the list is taken."""
_LEADING = 2
"""How far up the list a curated answer must stand that is only as near as that."""
_OWN_STORY = re.compile(r"\b(?:i|my|me)\b", re.IGNORECASE)
"""Why a crash closed somebody's position is not why the crash came."""
_SAID_SO = 0.8
"""Cosine from which a FAQ entry on the causes of a crash is taken before the crash's own list of them."""
_AS_NEAR = 0.12
"""How much less likely a passage may be and still answer in place of the first, by its words."""
_OPEN_SHARE = 0.3
"""The share of the question's telling words that a sentence from elsewhere must add to stand beside the answer."""
_SAID_AGAIN = 0.7
"""The share of a sentence's telling words from which it has been said."""
_USED = 5
"""Passages further down are seldom about what was asked."""

_OF_ALL = re.compile(r"\b(?:ever|of all time|in history|on record|all[- ]time)\b", re.IGNORECASE)
"""Asks over all crashes: an entry on one of them is not the answer, however near its words are."""

_CAUSE = (
    r"\b(?:why|caus\w+|reasons?|behind|set off|kick(?:ed|s)? (?:\w+ )?off|spark\w*|trigger\w*|led to|how come"
    r"|fault|blame)\b"
)
_WHY_AT_ALL = re.compile(r"why|how come", re.IGNORECASE)
_CRASHED = re.compile(
    r"\b(?:crash\w*|cascade|f[ae]ll\w*|drop\w*|dump\w*|plunge\w*|plummet\w*|collaps\w*|tank\w*|happen\w*|liquidat\w*|wip\w+"
    r"|down|red|broke|break|los[et]\w*|depeg\w*|worse|big|bad|sell\w*|sold|bleed\w*|blow\w*|blew|unw\w+|implo\w+|fail\w*"
    r"|it|that|this)\b|^\W*$",
    re.IGNORECASE,
)
_AFTER = r"\b(?:afterwards?|aftermath|follow\w*|recover\w*|consequences?|next|since then|happened after)\b"
_ASPECTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("causes", re.compile(_CAUSE, re.IGNORECASE)),
    ("what-followed", re.compile(_AFTER, re.IGNORECASE)),
)
Passages = Callable[[str], Passage | None]
"""Gives the passage of an id."""


class Explainer:
    """Chooses what of the found passages is said."""

    def __init__(self, weights: Weights, passages: Passages, settings: RagSettings) -> None:
        self._weights = weights
        self._passages = passages
        self._settings = settings

    def paragraphs(
        self, asked: str, hits: Sequence[Hit], events: Sequence[Event], *, briefly: bool = False, near: float = _SURE
    ) -> list[Paragraph]:
        """What explains `asked`, one paragraph for each source; `briefly` beside numbers or a correction.

        Told briefly, a passage that is no curated answer to it must be as `near` as that.
        """
        lead = self._lead(asked, hits, events)
        if lead is not None:
            main = self._run(lead, asked, _SIDE) if briefly else _spoken(lead, sentences(lead.passage.text))
        else:
            floor = near if briefly else self._settings.passage_similarity
            lead = next((hit for hit in hits if hit.similarity >= floor), None)
            if lead is None:
                return []
            main = self._run(lead, asked, _SIDE if briefly else _MAIN)
        if briefly:
            return [main]
        others = [hit for hit in hits[:_USED] if hit.passage.id != lead.passage.id and self._near(hit, lead)]
        said = [claim.text for claim in main]
        added = [_spoken(one.hit, one.spoken) for one in beside(others, asked, said, _SIDE, _OPEN_SHARE, self._weights)]
        second = next((hit for hit in others if hit.passage.slug != lead.passage.slug), None)
        short = lead.question_similarity < _SURE or lead.passage.kind == "glossary"
        if not added and second is not None and short:
            added = [unheard(self._run(second, asked, _SIDE), said, self._weights)]
        return [paragraph for paragraph in (main, *added) if paragraph]

    def _lead(self, asked: str, hits: Sequence[Hit], events: Sequence[Event]) -> Hit | None:
        """The curated answer whose question is nearest, if it is near enough."""
        slugs = {event.slug for event in events}
        if len(slugs) == 1 and _of_the_crash(asked) and not _OWN_STORY.search(asked):
            passage = self._passages(f"{next(iter(slugs))}#causes")
            told = max((hit.question_similarity for hit in hits if _on_causes(hit)), default=0.0)
            if passage is not None and told < _SAID_SO:
                return Hit(passage=passage, score=1.0, similarity=1.0, question_similarity=1.0, bm25=0.0)
        curated = [hit for hit in hits if hit.passage.kind in {"faq", "glossary"} or hit.passage.slug in slugs]
        if not slugs and _OF_ALL.search(asked):
            curated = [hit for hit in curated if not is_dated(hit.passage)]
        if not curated:
            return None
        best = max(curated, key=lambda hit: (hit.question_similarity, hit.passage.kind == "faq", hit.passage.id))
        leads = best in hits[:_LEADING] and best.question_similarity >= _SURE
        if not leads and best.question_similarity < self._settings.faq_similarity:
            return None
        if best.passage.slug not in slugs:
            return best
        wanted = next((anchor for anchor, words in _ASPECTS if words.search(asked)), "what-happened")
        return next((hit for hit in curated if hit.passage.id == f"{best.passage.slug}#{wanted}"), best)

    def _run(self, hit: Hit, asked: str, count: int) -> Paragraph:
        return _spoken(hit, best_run(hit, asked, count, self._weights).spoken)

    def _near(self, hit: Hit, lead: Hit) -> bool:
        return hit.similarity >= self._settings.passage_similarity and hit.score >= lead.score - 2 * _AS_NEAR


def _of_the_crash(asked: str) -> bool:
    """Whether the cause asked for is that of the crash, and not of something that is only named beside it."""
    found = _ASPECTS[0][1].search(asked)
    if found is None:
        return False
    return not _WHY_AT_ALL.fullmatch(found[0]) or bool(_CRASHED.search(asked[found.end() :]))


def _on_causes(hit: Hit) -> bool:
    """Whether a FAQ entry is itself about why something came."""
    return hit.passage.kind == "faq" and bool(_ASPECTS[0][1].search(hit.passage.headings[-1]))


def unheard(paragraph: Paragraph, said: Sequence[str], weights: Weights) -> Paragraph:
    """`paragraph` without what only says `said` again; empty where its first sentence does."""
    heard = {stem: 1.0 for sentence in said for stem in weights.of(sentence)}
    kept = tuple(claim for claim in paragraph if coverage(weights.of(claim.text), heard) < _SAID_AGAIN)
    return kept if kept[:1] == paragraph[:1] else ()


def quoted(passage: Passage, similarity: float | None, spoken: Sequence[str]) -> Paragraph:
    """Sentences of a passage as claims."""
    evidence = from_passage(passage, similarity)
    return tuple(DraftClaim(sentence, (evidence,)) for sentence in spoken)


def _spoken(hit: Hit, spoken: Sequence[str]) -> Paragraph:
    return quoted(hit.passage, hit.similarity, spoken)
