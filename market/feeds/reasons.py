"""Why a venue gave nothing, in words for people, and whether asking once more may help."""

from market.errors import MarketError
from market.feeds.venues import TIMEOUT_SECONDS

_LONGEST = 120


def may_pass(error: BaseException) -> bool:
    """Whether the fault lies with the network or the venue's load, and not with what was asked."""
    import ccxt
    import httpx

    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code == httpx.codes.TOO_MANY_REQUESTS or error.response.is_server_error
    return isinstance(error, (ccxt.NetworkError, httpx.TransportError))


def is_known(error: BaseException) -> bool:
    """Whether `error` is one that a venue's client raises of its own, and not a fault in this program."""
    import ccxt
    import httpx

    return isinstance(error, (ccxt.BaseError, httpx.HTTPError, MarketError))


def reason_of(error: BaseException) -> str:
    """What went wrong, in a few plain words."""
    import ccxt
    import httpx

    if isinstance(error, (ccxt.RequestTimeout, httpx.TimeoutException)):
        return f"gave no answer within {TIMEOUT_SECONDS} s"
    if isinstance(error, (ccxt.DDoSProtection, ccxt.RateLimitExceeded)):
        return "asks for fewer requests"
    if isinstance(error, ccxt.BadSymbol):
        return "does not trade it"
    if isinstance(error, httpx.HTTPStatusError):
        return f"answered with HTTP status {error.response.status_code}"
    if isinstance(error, (ccxt.NetworkError, httpx.TransportError)):
        return f"cannot be reached ({_short(error)})"
    return _short(error) if isinstance(error, MarketError) else f"refused ({_short(error)})"


def _short(error: BaseException) -> str:
    told = " ".join(str(error).split()) or type(error).__name__
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"
