"""Settings of the faces, read from `MARKET_PULSE_UI_*`: who may connect, how much may be asked, where keys live."""

from typing import Annotated

from limits import parse
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _rate(value: str) -> str:
    try:
        parse(value)
    except ValueError:
        raise ValueError(f"'{value}' is not a rate; write it like 60/minute") from None
    return value


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
"""Several values in one variable, with commas between them."""

Rate = Annotated[str, AfterValidator(_rate)]
"""So many requests in so much time, such as `60/minute` or `5/second`."""


class UiSettings(BaseSettings):
    """How the server faces the outside."""

    model_config = SettingsConfigDict(env_prefix="MARKET_PULSE_UI_", extra="forbid", frozen=True)

    allowed_hosts: Listed = ()
    """Names under which the server is reached (`faq.example.org`), beside those of the loopback and its own address.
    A server on the loopback refuses every other name, so that no foreign page can lead a browser to it."""

    cors_origins: Listed = ()
    """Origins whose pages may call the API from a browser, such as `https://news.example.org`."""

    embed_origins: Listed = ()
    """Origins whose pages may show the chat in a frame."""

    body_bytes: int = Field(default=1_000_000, ge=1_000)
    """Largest body of a request."""

    history_turns: int = Field(default=50, ge=0)
    """Most earlier turns that a request may carry."""

    history_characters: int = Field(default=40_000, ge=0)
    """Most characters in all of them together."""

    ask_rate: Rate = "60/minute"
    """How often one key may ask. A loopback server that needs no keys counts nobody."""

    read_rate: Rate = "600/minute"
    """How often one key may read what needs no answer."""

    sign_in_rate: Rate = "20/minute"
    """How often one address may try a wrong key."""

    rate_storage: str = "memory://"
    """Where requests are counted, as the `limits` package writes it; `redis://host` where several servers share."""

    keys_url: str | None = None
    """SQLAlchemy URL of the database of keys; None means `keys.sqlite` in the home folder."""

    session_hours: int = Field(default=12, ge=1)
    """How long a browser stays signed in."""

    shutdown_seconds: int = Field(default=10, ge=1)
    """How long answers under way may take after the server is told to stop."""
