"""Puts the answer together: care first, then the reply to each question of the message, then what stays open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.document import Passage
from rag.answer import Status
from rag.answerers.answerer import Answerer, Found
from rag.answerers.entry import EntryAnswerer
from rag.answerers.order import Tried, first_reply, nearest
from rag.courtesies import Courtesies, courtesy
from rag.draft import Draft, DraftClaim, Paragraph
from rag.evidence import from_passage
from rag.frame import GuardName, Message
from rag.gap import Gap, GapReason
from rag.guards.care import Care, care_for
from rag.languages import ENGLISH, languages
from rag.quotation import Passages, quoted_whole
from rag.replies import Replies
from rag.reply import Reply

_CHIPS = 3
_OF_THE_WHOLE: tuple[Literal["injection", "talk"], ...] = ("injection", "talk")
"""Guards after which nothing of a message is answered, in the order in which they are looked at."""
_OF_A_QUESTION: Mapping[GuardName, GapReason] = {"prediction": "unknowable", "outside": "outside"}
"""Guards that keep one question open; the others of its message are answered all the same."""


@dataclass(frozen=True)
class Composed:
    """The draft, and for each question who replied."""

    draft: Draft
    tried: Sequence[Tried]


class Composer:
    """Composes drafts without a language model. Holds nothing that changes between questions."""

    name = "composer"

    def __init__(
        self,
        answerers: Sequence[Answerer],
        entry: EntryAnswerer,
        courtesies: Courtesies,
        replies: Replies,
        passages: Passages,
        education: Passage,
        fires: Callable[[Mapping[GuardName, float], GuardName], bool],
    ) -> None:
        self._answerers = answerers
        self._entry = entry
        self._courtesies = courtesies
        self._replies = replies
        self._passages = passages
        self._education = education
        self._fires = fires

    def compose(self, message: Message, found: Sequence[Found]) -> Composed:
        """The draft for `message`; `found` is what was found for each of its frames."""
        distressed = self._fires(message.guards, "distress")
        if message.language != ENGLISH and not distressed:
            return Composed(self._in_another_language(message), ())
        whole = [name for name in _OF_THE_WHOLE if self._fires(message.guards, name) and _leads(message.guards, name)]
        if whole and not distressed:
            return Composed(self._courtesies.instead(whole[0]), ())
        tried = [self._guarded(one) or first_reply(one, self._answerers, self._entry) for one in found]
        if distressed:
            return Composed(self._in_distress(message, found, tried), tried)
        if self._fires(message.guards, "advice"):
            return Composed(self._to_advice(found, tried), tried)
        return Composed(self._answered(found, tried), tried)

    def _in_another_language(self, message: Message) -> Draft:
        """The polite word that only English is answered, and where help is, since not every need is recognised."""
        known = languages().get(message.language)
        said = (*((known.reply,) if known else ()), *self._replies.english)
        gap = Gap("outside", missing=(message.language,))
        paragraphs = (courtesy(said), self._help(care_for(message.language, "self")))
        return Draft(paragraphs, "abstained", self._replies.suggestions[:_CHIPS], gap)

    def _guarded(self, found: Found) -> Tried | None:
        """The gap of a question that nobody can answer, or that is none of this topic."""
        for name, reason in _OF_A_QUESTION.items():
            if self._fires(found.frame.guards, name) and not _asks_of_now(found, name):
                near = () if name == "outside" else nearest(found)
                return Tried(Reply((), answered=False, gap=Gap(reason, nearest=near)), name, (name,))
        return None

    def gap_in_words(self, gap: Gap) -> Paragraph:
        """What keeps a whole message open."""
        return self._courtesies.gap(gap, None)

    def _answered(self, found: Sequence[Found], tried: Sequence[Tried]) -> Draft:
        """Each reply once, and each gap by the words of its question where others are answered."""
        paragraphs: list[Paragraph] = []
        several = len(found) > 1
        answered = any(one.reply.answered for one in tried)
        for one, result in zip(found, tried, strict=True):
            reply = result.reply
            paragraphs += [paragraph for paragraph in reply.paragraphs if paragraph and paragraph not in paragraphs]
            served = {c.evidence[0].key for p in paragraphs for c in p if c.evidence}
            if reply.gap is not None and not (reply.answered or reply.paragraphs or _is_served(one, served)):
                paragraphs.append(self._courtesies.gap(reply.gap, one.frame.words if several and answered else None))
        gap = next((one.reply.gap for one in tried if one.reply.gap is not None), None)
        if gap is not None and gap.reason != "outside" and not (gap.nearest or answered):
            gap = Gap(gap.reason, gap.missing, nearest(found[0]), gap.choices)
        if gap is not None and gap.reason == "outside" and not answered:
            paragraphs.append(courtesy(self._replies.covers))
        status: Status = "answered" if answered else "abstained"
        chips = self._chips(found, tried, gap) or (() if answered else self._replies.suggestions[:_CHIPS])
        return Draft(tuple(paragraphs), status, chips, gap, _guard_of(tried))

    def _in_distress(self, message: Message, found: Sequence[Found], tried: Sequence[Tried]) -> Draft:
        """Help first, in the language of who needs it, then briefly what was asked too, if it is known."""
        care = care_for(message.language, message.about)
        paragraphs: list[Paragraph] = [courtesy(care.comfort), self._help(care)]
        asked_too = self._asked_too(found, tried) if message.language == ENGLISH else None
        if asked_too:
            paragraphs += [courtesy([care.lead]), asked_too]
        return Draft(tuple(paragraphs), "educated", guard="distress")

    def _help(self, care: Care) -> Paragraph:
        """Where help is, each line with the entries that name it."""
        claims = []
        for line in care.help:
            sources = [passage for id_ in line.sources if (passage := self._passages(id_)) is not None]
            claims.append(DraftClaim(line.text, tuple(from_passage(source, None) for source in sources)))
        return tuple(claims)

    def _asked_too(self, found: Sequence[Found], tried: Sequence[Tried]) -> Paragraph | None:
        for one, result in zip(found, tried, strict=True):
            if result.reply.answered and (result.by != self._entry.name or self._entry.is_sure(one)):
                return next(iter(result.reply.paragraphs), None)
        return None

    def _to_advice(self, found: Sequence[Found], tried: Sequence[Tried]) -> Draft:
        """The limit of advice, then what is known of the asker's own subject; what everybody weighs if nothing is."""
        paragraphs: list[Paragraph] = [courtesy(self._replies.advice)]
        worked_out = [
            p for one in tried if one.by == "calculation" and one.reply.answered for p in one.reply.paragraphs
        ]
        helping = [one.graded[0].passage for one in found if one.graded and one.graded[0].helps >= self._entry.helping]
        said_now = [p for one in tried if one.by == "reading" and one.reply.answered for p in one.reply.paragraphs]
        taught = [*worked_out, quoted_whole(helping[0] if helping else self._education), *said_now]
        paragraphs += [paragraph for paragraph in taught if paragraph not in paragraphs]
        return Draft(tuple(paragraphs), "educated", self._chips(found, tried, None), guard="advice")

    def _chips(self, found: Sequence[Found], tried: Sequence[Tried], gap: Gap | None) -> tuple[str, ...]:
        """What could be asked next: a case that was not assumed, a choice, or what neighbouring entries answer."""
        offered = [*(gap.choices if gap else ()), *(chip for one in tried for chip in one.reply.follow_ups)]
        if not any(one.reply.answered for one in tried):
            offered += self._headings(found, gap)
        asked = {_plain(text) for one in found for text in (one.frame.text, one.frame.words)}
        return tuple(chip for chip in dict.fromkeys(offered) if _plain(chip) not in asked)[:_CHIPS]

    def _headings(self, found: Sequence[Found], gap: Gap | None) -> tuple[str, ...]:
        """The nearest entries by the question or title that heads them."""
        wanted = set(gap.nearest if gap else ())
        passages = {one.passage.id: one.passage for each in found for one in each.graded if one.passage.id in wanted}
        return tuple(_asked_by(passages[id_]) for id_ in (gap.nearest if gap else ()) if id_ in passages)


def _asks_of_now(found: Found, name: GuardName) -> bool:
    """Whether what sounds like a wish for a forecast is nearly a metric's own question."""
    return name == "prediction" and found.plan.sure


def _is_served(found: Found, served: set[str]) -> bool:
    """Whether the entry that comes nearest to a question is the answer to another question of the message."""
    return bool(found.graded) and f"passage:{found.graded[0].passage.id}" in served


def _leads(guards: Mapping[GuardName, float], name: GuardName) -> bool:
    """Whether no other guard is likelier: small talk about cooking is first of all off topic."""
    return name == "injection" or guards[name] >= max(guards.values())


def _guard_of(tried: Sequence[Tried]) -> GuardName | None:
    """The guard that kept every question open, if one did."""
    guards: list[GuardName] = [name for name in _OF_A_QUESTION if all(one.by == name for one in tried)]
    return guards[0] if guards and tried else None


def _asked_by(passage: Passage) -> str:
    """The question that a passage answers, as it can be asked."""
    if passage.questions:
        return passage.questions[0]
    return ": ".join((passage.title, *passage.headings))


def _plain(question: str) -> str:
    """A question without the signs and capitals in which the same one may differ."""
    return " ".join(question.casefold().strip(" ?.!").split())
