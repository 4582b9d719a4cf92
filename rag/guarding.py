"""Care around the answer: distress is met first, advice-seeking is taught, the unknowable is declined honestly."""

from collections.abc import Sequence
from typing import Literal, cast

from rag.composing import Findings
from rag.draft import Draft, DraftClaim, Paragraph
from rag.evidence import Evidence
from rag.languages import languages
from rag.replies import Replies
from rag.sentences import sentences
from rag.settings import RagSettings

HELP_PASSAGE = "faq-support#where-to-find-help-after-losses"
"""The curated entry that names where people in distress find help."""

_WORDS_THAT_CARRY_A_NAME = 12
"""In a longer question one word that nobody here has written about is seldom what it is about."""

_ASKED_TOO = 0.5
"""Cosine to a FAQ phrasing from which someone in distress has also asked something that can be answered."""

_ASKED_OF_THE_FUTURE = 0.78
"""The same for a question of the future: what an entry says of the past lies near it and does not answer it."""

Reason = Literal["prediction", "unpublished", "off_topic", "not_known"]


class Guard:
    """Decides what is said instead of, or in front of, what would be composed."""

    def __init__(self, replies: Replies, help_evidence: Evidence, settings: RagSettings) -> None:
        self._replies = replies
        self._help = help_evidence
        self._settings = settings

    def before(self, findings: Sequence[Findings]) -> Draft | None:
        """The whole reply where nothing should be composed, or None. An order inside a question is only data.

        Distress is met afterwards, since what is asked beside it may be answered behind the help.
        """
        intents = {found.part.intent for found in findings}
        if "distress" in intents:
            return None
        if "injection" in intents:
            said = self._replies.injection + self._replies.covers
            return Draft((_courtesy(said),), "refused", self._replies.suggestions[:3])
        language = findings[0].part.language
        if language != "en":
            known = languages().get(language)
            said = (*((known.reply,) if known else ()), *self._replies.english)
            return Draft((_courtesy(said),), "abstained", self._replies.suggestions[:3])
        if intents == {"greeting"}:
            said = self._replies.greeting + self._replies.covers
            return Draft((_courtesy(said),), "answered", self._replies.suggestions[:3])
        reasons = [self.reason(found) for found in findings]
        first = reasons[0]
        return self._declined(first) if first and all(reasons) else None

    def after(self, draft: Draft, findings: Sequence[Findings]) -> Draft:
        """The composed draft behind what must be said first: help in distress, the limit of advice.

        An empty draft becomes a decline.
        """
        if any(found.part.intent == "distress" for found in findings):
            asked_too = any(hit.question_similarity >= _ASKED_TOO for found in findings for hit in found.hits)
            explained = [paragraph for paragraph in draft.paragraphs if asked_too and self._explains(paragraph)]
            return Draft((*self._comfort(), *explained[:1]), "educated", self._replies.suggestions[-1:])
        if any(found.part.intent == "advice" for found in findings):
            paragraphs = (_courtesy(self._replies.advice), *draft.paragraphs)
            return Draft(paragraphs, "educated", draft.follow_ups)
        if not draft.paragraphs:
            return self._declined("not_known")
        open_parts = dict.fromkeys(reason for found in findings if (reason := self.reason(found)))
        left = tuple(_courtesy([self._replies.part[reason]]) for reason in open_parts)
        return Draft((*draft.paragraphs, *left), draft.status, draft.follow_ups)

    def reason(self, found: Findings) -> Reason | None:
        """Why a part cannot be answered, or None if it may be."""
        asked_before = max((hit.question_similarity for hit in found.hits), default=0.0)
        if found.part.certain and found.part.intent == "unpublished":
            return "unpublished"
        if found.plan.correction:
            return None
        needed = _ASKED_OF_THE_FUTURE if found.part.intent == "prediction" else self._settings.faq_similarity
        if asked_before >= needed or found.part.intent == "advice":
            return None
        if found.part.intent in {"prediction", "unpublished", "off_topic"}:
            return cast("Reason", found.part.intent)
        return None if found.part.calculation else self._not_known(found)

    def _not_known(self, found: Findings) -> Reason | None:
        """Whether the knowledge and the data lack what a part asks for."""
        part, plan = found.part, found.plan
        nearest = max((hit.similarity for hit in found.hits), default=0.0)
        if part.unknown_names and len(part.text.split()) <= _WORDS_THAT_CARRY_A_NAME:
            return "not_known"
        if plan.readings or plan.figures or nearest >= self._settings.passage_similarity:
            return None
        return "off_topic" if nearest < self._settings.topic_similarity else "not_known"

    def _explains(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph quotes the knowledge on what was asked, and is not the help already given."""
        cited = [item for claim in paragraph for item in claim.evidence]
        return bool(cited) and all(item.kind == "passage" and item.key != self._help.key for item in cited)

    def _comfort(self) -> tuple[Paragraph, ...]:
        where = tuple(DraftClaim(sentence, (self._help,)) for sentence in sentences(self._help.text))
        return (_courtesy(self._replies.distress), where)

    def _declined(self, reason: Reason) -> Draft:
        said = {
            "prediction": self._replies.prediction,
            "unpublished": self._replies.unpublished,
            "off_topic": self._replies.off_topic,
            "not_known": self._replies.not_known,
        }[reason]
        return Draft((_courtesy(said + self._replies.covers),), "abstained", self._replies.suggestions[:3])


def _courtesy(said: Sequence[str]) -> Paragraph:
    return tuple(DraftClaim(text) for text in said)
