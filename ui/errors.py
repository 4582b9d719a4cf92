"""What can go wrong in the faces themselves."""

from collections.abc import Iterable


class UiError(Exception):
    """Root of this room's errors."""


class AddressUnusable(UiError):
    """The server cannot listen where it was told to."""


class ClientGone(UiError):
    """Whoever asked has left before the answer was there."""


class UnknownAnswer(UiError):
    """Feedback on an answer that was never given, or was forgotten after its time."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(f"no answer has the id '{answer_id}'; send the id of an answer as it came")


class FeedbackOff(UiError):
    """Feedback is kept beside the questions, and these are not kept."""

    def __init__(self) -> None:
        super().__init__("feedback is not kept here; set MARKET_PULSE_RAG_QUESTION_LOG=true to keep it")


class UnknownCalculator(UiError):
    """No calculator has this name. The message lists those that exist."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no calculator '{name}'; choose one of: {', '.join(known)}")


class UnknownModel(UiError):
    """A completion was asked of a model that is not here."""

    def __init__(self, name: str, known: str) -> None:
        super().__init__(f"there is no model '{name}'; ask '{known}'")


class UnknownKey(UiError):
    """No key that could be revoked has this id."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"no valid key has the id '{key_id}'; see 'market-pulse keys list'")


class NoKey(UiError):
    """The server would stand open to other machines."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} can be reached from other machines and there is no key to ask for; "
            "make one with 'market-pulse keys create NAME --scope ask --scope read', or serve on 127.0.0.1"
        )


class RatesUncounted(UiError):
    """Requests cannot be counted where the settings say."""

    def __init__(self, storage: str, reason: str) -> None:
        super().__init__(f"MARKET_PULSE_UI_RATE_STORAGE is '{storage}', which cannot be used: {reason}")


class UnknownArticle(UiError):
    """No document has this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"there is no document '{slug}'; search_knowledge finds slugs, and so does /v1/search")


class KeyLacks(UiError):
    """The key that came with the request does not allow what was asked."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"this needs a key with the scope '{scope}'; make one with 'market-pulse keys create'")
