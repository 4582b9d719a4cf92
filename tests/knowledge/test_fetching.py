"""A URL cannot be turned against the host it is fetched from."""

from collections.abc import Callable

import httpx
import pytest

from knowledge.errors import FetchFailed, FetchRefused
from knowledge.fetching.addresses import is_public
from knowledge.fetching.fetcher import Fetcher, FetchLimits

PUBLIC = "93.184.215.14"


def reply(status: int, body: bytes = b"", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, stream=httpx.ByteStream(body))


Answer = Callable[[httpx.Request], httpx.Response]


def fetcher(answer: Answer, hosts: dict[str, list[str]] | None = None, **settings: object) -> Fetcher:
    def resolver(host: str) -> list[str]:
        return (hosts or {}).get(host, [host if host[0].isdigit() or ":" in host else PUBLIC])

    def answered(request: httpx.Request) -> httpx.Response:
        return reply(404) if request.url.path == "/robots.txt" else answer(request)

    transport = httpx.MockTransport(answered)
    return Fetcher(FetchLimits(size_bytes=1000), resolver=resolver, transport=transport, **settings)  # type: ignore[arg-type]  # settings of the test


def page(_request: httpx.Request) -> httpx.Response:
    return reply(200, b"hello", content_type="text/html; charset=utf-8", etag="a")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104 - refused
        *("224.0.0.1", "255.255.255.255", "198.18.0.1", "168.63.129.16", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:7f00:1"),
        *("64:ff9b::a00:1", "2002:7f00:1::", "2a00:1450::5efe:127.0.0.1", "::127.0.0.1", "not an address"),
    ],
)
def test_inside_addresses_are_not_public_in_any_disguise(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


def test_a_public_page_is_fetched_from_the_address_that_was_checked() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return page(request)

    fetched = fetcher(answer).fetch("https://example.org/a?b=c#d")
    assert (fetched.body, fetched.media_type, fetched.etag) == (b"hello", "text/html", "a")
    assert asked[0].url.host == PUBLIC
    assert asked[0].headers["host"] == "example.org"
    assert asked[0].extensions["sni_hostname"] == "example.org"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://example.org/a", "only http and https"),
        ("http://127.0.0.1/", "not on the public internet"),
        ("http://inside.example/", r"10\.0\.0\.8, which is not"),
        ("http://half.example/", r"10\.0\.0\.8, which is not"),
        ("http://inside.example./", r"10\.0\.0\.8, which is not"),
        ("http://example.org:6379/", "port 6379"),
        ("http://example.org:99999/", "not a valid address"),
    ],
)
def test_urls_that_lead_inside_are_refused(url: str, why: str) -> None:
    hosts = {"inside.example": ["10.0.0.8"], "half.example": [PUBLIC, "10.0.0.8"]}
    with pytest.raises(FetchRefused, match=why):
        fetcher(page, hosts).fetch(url)


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "http://wiki/"])
def test_a_redirect_that_leads_inside_is_refused_even_to_a_trusted_host(target: str) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return reply(302, location=target)

    with pytest.raises(FetchRefused):
        fetcher(answer, {"wiki": ["10.0.0.9"]}, trusted=("wiki",)).fetch("https://example.org/")


def test_a_name_that_changes_its_address_between_check_and_connection_gains_nothing() -> None:
    answers = iter([[PUBLIC], [PUBLIC], ["127.0.0.1"]])
    connected: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        connected.append(request.url.host)
        return page(request)

    rebinding = Fetcher(FetchLimits(), resolver=lambda _host: next(answers), transport=httpx.MockTransport(answer))
    with pytest.raises(FetchRefused):
        rebinding.fetch("http://example.org/") and rebinding.fetch("http://example.org/")
    assert set(connected) == {PUBLIC}


def test_a_trusted_host_of_the_own_network_is_fetched() -> None:
    trusting = fetcher(page, {"wiki": ["10.0.0.9"]}, trusted=("wiki:8080",))
    assert trusting.fetch("http://wiki:8080/a").body == b"hello"
    with pytest.raises(FetchRefused):
        trusting.fetch("http://wiki:8081/a")


def test_size_time_redirects_and_compression_have_limits() -> None:
    with pytest.raises(FetchRefused, match="larger than 1000 bytes"):
        fetcher(lambda _: reply(200, b"x" * 1001)).fetch("http://example.org/")
    with pytest.raises(FetchRefused, match="more than 5 redirects"):
        fetcher(lambda _: reply(302, location="/")).fetch("http://example.org/")
    with pytest.raises(FetchRefused, match="sent as br"):
        fetcher(lambda _: reply(200, b"x", content_encoding="br")).fetch("http://a.org/")
    clock = iter(range(0, 1000, 20))
    with pytest.raises(FetchFailed, match="longer than 30 seconds"):
        fetcher(page, clock=lambda: float(next(clock))).fetch("http://example.org/")


@pytest.mark.parametrize(
    ("status", "rules", "error"),
    [
        (200, "User-agent: *\nDisallow: /private", FetchRefused),
        (200, "User-agent: market-pulse-knowledge\nDisallow: /", FetchRefused),
        (503, "", FetchFailed),
    ],
)
def test_robots_are_respected(status: int, rules: str, error: type[Exception]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return reply(status, rules.encode()) if request.url.path == "/robots.txt" else page(request)

    strict = Fetcher(FetchLimits(), resolver=lambda _host: [PUBLIC], transport=httpx.MockTransport(answer))
    with pytest.raises(error, match=r"robots\.txt"):
        strict.fetch("http://example.org/private/a")


def test_a_page_that_did_not_change_is_not_sent_again() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return reply(304) if request.headers.get("if-none-match") == "a" else page(request)

    assert fetcher(answer).fetch("http://example.org/", etag="a").unchanged
    with pytest.raises(FetchFailed, match="answered 500"):
        fetcher(lambda _: reply(500)).fetch("http://example.org/")
