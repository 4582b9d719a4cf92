"""Opens the language model that the settings name: a provider's, by LangChain string, or one at an OpenAI-like URL."""

from typing import TYPE_CHECKING

from rag.errors import ModelUnavailable
from rag.settings import COMPOSER, RagSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_SCHEMES = ("http://", "https://")
_FORMS = "write PROVIDER:MODEL, such as ollama:llama3.2, or the URL of an OpenAI-compatible server"


def model_label(settings: RagSettings) -> str:
    """What an answer calls the model: its name at a URL, else the string of the setting."""
    return settings.model_name if is_url(settings) and settings.model_name else settings.model


def is_url(settings: RagSettings) -> bool:
    return settings.model.startswith(_SCHEMES)


def open_model(settings: RagSettings) -> "BaseChatModel | None":
    """The model, or None where the composer writes. Opening asks no server anything.

    Raises ModelUnavailable if the provider is unknown, its package or key is missing, or a URL has no model name.
    """
    if settings.model == COMPOSER:
        return None
    if is_url(settings):
        return _at_url(settings)
    key = settings.model_api_key
    try:
        return provider_model(settings.model, key.get_secret_value() if key else None)
    except ModelUnavailable as error:
        raise ModelUnavailable(
            f"MARKET_PULSE_RAG_MODEL is '{settings.model}', which cannot be opened: {error}"
        ) from error


def provider_model(model: str, api_key: str | None = None) -> "BaseChatModel":
    """The model that a LangChain string such as `ollama:llama3.2` names; ModelUnavailable says why there is none."""
    from langchain.chat_models import init_chat_model
    from openai import OpenAIError

    if not model.strip():
        raise ModelUnavailable(f"it is empty; {_FORMS}, or leave it out for the composer")
    try:
        if api_key is None:
            return init_chat_model(model, temperature=0)
        return init_chat_model(model, temperature=0, api_key=api_key)
    except (ImportError, OpenAIError) as error:
        raise ModelUnavailable(str(error).splitlines()[0]) from error
    except ValueError as error:
        provider, colon, _ = model.partition(":")
        unknown = f"no provider is called '{provider}'" if colon else "it names no provider"
        raise ModelUnavailable(f"{unknown}; {_FORMS}") from error


def _at_url(settings: RagSettings) -> "BaseChatModel":
    import httpx
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    if settings.model_name is None:
        raise ModelUnavailable(
            f"MARKET_PULSE_RAG_MODEL is the URL {settings.model}, and which model to ask there is not said; "
            "set MARKET_PULSE_RAG_MODEL_NAME"
        )
    # No connection is kept open: a question may be asked from another event loop than the one before.
    alone = httpx.Limits(max_keepalive_connections=0)
    return ChatOpenAI(
        base_url=settings.model,
        model=settings.model_name,
        api_key=settings.model_api_key or SecretStr("none"),
        temperature=0,
        max_completion_tokens=settings.model_tokens,
        max_retries=0,
        http_async_client=httpx.AsyncClient(limits=alone, timeout=settings.model_timeout_seconds),
    )
