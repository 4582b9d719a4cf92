"""The gate over real HTTP: every route, Gradio's own included, by key, scope and address; limits; foreign pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
import pytest

from tests.ui.serving import serving
from ui.app import App
from ui.gate.access import scope_needed
from ui.keys import Keyring
from ui.settings import UiSettings

Sent = Literal["no key", "wrong key", "revoked key", "wrong scope", "right key"]
Where = Literal["loopback without keys", "loopback with keys", "every address"]

ASK: dict[str, object] = {"question": "What is leverage?"}
CHAT: dict[str, object] = {"model": "market-pulse", "messages": [{"role": "user", "content": "What is leverage?"}]}
JOIN: dict[str, object] = {"data": ["What is leverage?", None, None], "fn_index": 0, "session_hash": "abc"}

ROUTES: list[tuple[str, str, dict[str, object] | None]] = [
    ("POST", "/v1/answers", ASK),
    ("POST", "/v1/chat/completions", CHAT),
    ("POST", "/v1/feedback", {"answer_id": "ans_none", "rating": "up"}),
    ("GET", "/v1/models", None),
    ("GET", "/v1/models/market-pulse", None),
    ("GET", "/v1/search?q=margin", None),
    ("GET", "/v1/events", None),
    ("GET", "/v1/faq", None),
    ("GET", "/v1/metrics", None),
    ("GET", "/v1/metrics/price", None),
    ("GET", "/v1/calculators", None),
    ("POST", "/v1/calculators/recovery-gain", {"loss": 0.5}),
    ("GET", "/v1/nothing", None),
    ("GET", "/metrics", None),
    ("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}),
    ("GET", "/v1/replay", None),
    ("POST", "/v1/replay", {"action": "show"}),
    ("GET", "/learn", None),
    ("GET", "/calculators", None),
    ("GET", "/docs", None),
    ("GET", "/openapi.json", None),
    ("GET", "/healthz", None),
    ("GET", "/readyz", None),
    ("GET", "/favicon.ico", None),
    ("GET", "/sign-in", None),
    ("GET", "/", None),
    ("GET", "/config", None),
    ("GET", "/theme.css", None),
    ("GET", "/gradio_api/info", None),
    ("GET", "/gradio_api/startup-events", None),
    ("GET", "/gradio_api/queue/status", None),
    ("GET", "/gradio_api/file=/etc/passwd", None),
    ("GET", "/gradio_api/heartbeat/", None),
    ("POST", "/gradio_api/queue/join", JOIN),
    ("POST", "/gradio_api/run/respond", JOIN),
    ("POST", "/gradio_api/call/respond", JOIN),
    ("POST", "/gradio_api/upload", None),
    ("GET", "//v1/faq", None),
    ("GET", "/healthz/", None),
    ("GET", "/admin", None),
]


@dataclass(frozen=True)
class Server:
    address: str
    keys: dict[Sent, dict[str, str | None]]
    """For each way to send a key: the key to send for a route that needs `ask`, `read` or `admin`."""

    def request(self, sent: Sent, method: str, path: str, body: object) -> httpx.Response:
        key = self.keys[sent].get(scope_needed(path.partition("?")[0]) or "read")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.request(method, self.address + path, json=body, headers=headers, timeout=30)


@pytest.fixture(scope="module")
def servers(app: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Where, Server]]:
    rates = UiSettings(ask_rate="10000/minute", read_rate="10000/minute", sign_in_rate="10000/minute")
    locked, unlocked = tmp_path_factory.mktemp("locked"), tmp_path_factory.mktemp("unlocked")
    keyring = Keyring.open(locked, None)
    made = {scope: keyring.create(scope, [scope])[1] for scope in ("ask", "read", "admin")}
    gone, revoked = keyring.create("gone", ["ask", "read"])
    keyring.revoke(gone.id)
    other: dict[str, str | None] = {"ask": made["read"], "read": made["ask"], "admin": made["ask"]}
    keys: dict[Sent, dict[str, str | None]] = {
        "no key": {},
        "wrong key": dict.fromkeys(made, "mp_00000000_wrong"),
        "revoked key": dict.fromkeys(made, revoked),
        "wrong scope": other,
        "right key": dict(made),
    }
    with (
        serving(app, unlocked, rates) as open_loopback,
        serving(app, locked, rates) as loopback,
        serving(app, locked, rates, host="0.0.0.0") as everywhere,  # noqa: S104 - keys stand before it
    ):
        yield {
            "loopback without keys": Server(open_loopback, keys),
            "loopback with keys": Server(loopback, keys),
            "every address": Server(everywhere, keys),
        }


@pytest.mark.parametrize("sent", ["no key", "wrong key", "revoked key", "wrong scope", "right key"])
@pytest.mark.parametrize("where", ["loopback without keys", "loopback with keys", "every address"])
@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_who_may_call_what(
    servers: dict[Where, Server], method: str, path: str, body: object, where: Where, sent: Sent
) -> None:
    reply = servers[where].request(sent, method, path, body)
    # Gradio refuses files of its own accord, and does not speak of keys.
    ours = reply.is_success or "market-pulse keys create" in reply.text
    status = reply.status_code if ours else 404
    needed = scope_needed(path.partition("?")[0])
    if needed is None:
        assert status == 200
    elif where == "loopback without keys":
        assert (status == 403) is (needed == "admin")
        assert status != 401
    elif sent == "right key":
        assert status not in {401, 403}
    else:
        assert status == (403 if sent == "wrong scope" else 401)


def test_a_key_made_while_a_loopback_server_runs_is_asked_for_at_once(app: App, home: Path) -> None:
    with serving(app, home) as address, httpx.Client(base_url=address) as client:
        assert client.get("/v1/models").status_code == 200
        key, shown = Keyring.open(home, None).create("first", ["read"])
        assert client.get("/v1/models").status_code == 401
        assert client.get("/v1/models", headers={"Authorization": f"Bearer {shown}"}).status_code == 200
        Keyring.open(home, None).revoke(key.id)
        assert client.get("/v1/models", headers={"Authorization": f"Bearer {shown}"}).status_code == 401
        assert client.get("/v1/models").status_code == 401


def test_a_browser_signs_in_with_a_key_and_out_again(app: App, home: Path) -> None:
    _, shown = Keyring.open(home, None).create("reader", ["ask", "read"])
    with (
        serving(app, home) as address,
        httpx.Client(base_url=address, headers={"Accept": "text/html", "Origin": address}) as browser,
    ):
        turned = browser.get("/?q=margin")
        assert (turned.status_code, turned.headers["location"]) == (303, "/sign-in?next=/%3Fq%3Dmargin")
        assert "autofocus" in browser.get(turned.headers["location"]).text
        wrong = browser.post("/sign-in", data={"key": "mp_0_0", "next": "/"})
        assert (wrong.status_code, "not valid" in wrong.text) == (401, True)
        signed = browser.post("/sign-in", data={"key": shown, "next": "/?q=margin"})
        assert (signed.status_code, signed.headers["location"]) == (303, "/?q=margin")
        cookie = signed.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert shown not in cookie
        assert browser.get("/").status_code == 200
        assert browser.get("/gradio_api/info").status_code == 200
        beyond = browser.get("/admin")
        assert (beyond.status_code, beyond.headers["location"]) == (303, "/sign-in?next=/admin&scope=admin")
        kept = dict(browser.cookies)
        assert browser.post("/sign-out").status_code == 303
        browser.cookies.update(kept)
        assert browser.get("/").status_code == 303


@pytest.mark.parametrize("there", ["https://evil.example", "//evil.example", "/\\evil.example", "", "/a\nb"])
def test_signing_in_leads_nowhere_else(app: App, home: Path, there: str) -> None:
    _, shown = Keyring.open(home, None).create("reader", ["ask"])
    with serving(app, home) as address, httpx.Client(base_url=address) as browser:
        assert browser.post("/sign-in", data={"key": shown, "next": there}).headers["location"] == "/"


def test_revoking_a_key_ends_the_sessions_begun_with_it(app: App, home: Path) -> None:
    keyring = Keyring.open(home, None)
    key, shown = keyring.create("reader", ["ask"])
    with serving(app, home) as address, httpx.Client(base_url=address) as browser:
        browser.post("/sign-in", data={"key": shown})
        assert browser.get("/config").status_code == 200
        keyring.revoke(key.id)
        assert browser.get("/config").status_code == 401


def test_too_many_requests_of_one_key_are_told_when_to_come_back(app: App, home: Path) -> None:
    keyring = Keyring.open(home, None)
    _, first = keyring.create("one", ["ask", "read"])
    _, second = keyring.create("two", ["ask", "read"])
    with serving(app, home, UiSettings(ask_rate="2/hour", read_rate="3/hour")) as address:

        def asked(key: str, path: str = "/v1/answers") -> httpx.Response:
            headers = {"Authorization": f"Bearer {key}"}
            if path == "/v1/answers":
                return httpx.post(address + path, json=ASK, headers=headers, timeout=30)
            return httpx.get(address + path, headers=headers)

        assert [asked(first).status_code for _ in range(3)] == [200, 200, 429]
        assert asked(second).status_code == 200
        assert [asked(first, "/v1/models").status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = asked(first)
        assert 1 <= int(refused.headers["retry-after"]) <= 3600
        assert refused.headers["content-type"] == "application/problem+json"


def test_guessing_keys_is_slowed(app: App, home: Path) -> None:
    Keyring.open(home, None).create("one", ["read"])
    with serving(app, home, UiSettings(sign_in_rate="2/hour")) as address:
        wrong = {"Authorization": "Bearer mp_00000000_guess"}
        assert [httpx.get(f"{address}/v1/models", headers=wrong).status_code for _ in range(3)] == [401, 401, 429]
        assert httpx.post(f"{address}/sign-in", data={"key": "guess"}).status_code == 429


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_too_large_is_refused_however_it_is_sent(app: App, home: Path, *, chunked: bool) -> None:
    with serving(app, home, UiSettings(body_bytes=2_000)) as address:
        body = b'{"question": "' + b"x" * 3_000 + b'"}'
        content: bytes | Iterator[bytes] = iter([body[:1_000], body[1_000:]]) if chunked else body
        reply = httpx.post(f"{address}/v1/answers", content=content, headers={"Content-Type": "application/json"})
        assert (reply.status_code, reply.headers["content-type"]) == (413, "application/problem+json")
        assert httpx.post(f"{address}/v1/answers", json=ASK, timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:{port}", 200),
        ("127.0.0.1:{port}", 200),
        ("[::1]:{port}", 200),
        ("faq.example.org", 200),
        ("rebound.example", 421),
        ("127.0.0.1.rebound.example:{port}", 421),
        ("", 421),
    ],
)
def test_a_loopback_server_answers_to_its_own_names_alone(app: App, home: Path, host: str, status: int) -> None:
    with serving(app, home, UiSettings(allowed_hosts=("faq.example.org",))) as address:
        sent = host.format(port=address.rpartition(":")[2])
        for path in ("/v1/models", "/config"):
            assert httpx.get(address + path, headers={"Host": sent}).status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://news.example", 200),
        ("https://evil.example", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_pages_of_other_origins_may_not_post_unless_they_are_named(
    app: App, home: Path, origin: str, status: int
) -> None:
    with serving(app, home, UiSettings(cors_origins=("https://news.example",))) as address:
        reply = httpx.post(f"{address}/v1/answers", json=ASK, headers={"Origin": origin}, timeout=30)
        assert reply.status_code == status
        assert reply.headers.get("access-control-allow-origin") == (origin if status == 200 else None)


def test_a_browser_may_ask_first_whether_a_page_may_call(app: App, home: Path) -> None:
    Keyring.open(home, None).create("one", ["ask"])
    with serving(app, home, UiSettings(cors_origins=("https://news.example",))) as address:
        asked = {"Origin": "https://news.example", "Access-Control-Request-Method": "POST"}
        assert httpx.options(f"{address}/v1/answers", headers=asked).status_code == 200
        stranger = {**asked, "Origin": "https://evil.example"}
        assert httpx.options(f"{address}/v1/answers", headers=stranger).status_code == 400
