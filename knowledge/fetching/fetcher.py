"""Fetches one URL, of public hosts only: each hop is resolved here, checked, and connected to at that very address.

Resolving and connecting are one step, so a name that answers differently the second time (DNS rebinding) gains
nothing. Nothing of the environment is used: no proxy, no cookies, no netrc.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from knowledge.document import Frozen
from knowledge.errors import FetchFailed, FetchRefused
from knowledge.fetching.addresses import Resolver, is_public, resolve
from knowledge.fetching.robots import rules_of

if TYPE_CHECKING:
    from urllib.robotparser import RobotFileParser

    import httpx

AGENT = "market-pulse-knowledge"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = frozenset({80, 443})
_NOT_MODIFIED = 304
_TRUST = "if this is your own server, name it in MARKET_PULSE_KNOWLEDGE_TRUSTED_HOSTS"


class FetchLimits(Frozen):
    """How much one fetch may cost; `seconds` is for all its redirects together."""

    size_bytes: int = 25_000_000
    seconds: float = 30.0
    redirects: int = 5


class Fetched(Frozen):
    """What came back from `url`, the last of its redirects. `status` 304 with an empty body means: as before."""

    url: str
    status: int
    body: bytes
    media_type: str
    etag: str | None
    last_modified: str | None

    @property
    def unchanged(self) -> bool:
        return self.status == _NOT_MODIFIED


class Fetcher:
    """Fetches over http and https. `trusted` names hosts of one's own network: `wiki.example`, `wiki.example:8080`.

    A redirect never leads from elsewhere to a trusted host.
    """

    def __init__(
        self,
        limits: FetchLimits,
        trusted: Sequence[str] = (),
        resolver: Resolver = resolve,
        clock: Callable[[], float] = time.monotonic,
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        self._limits = limits
        self._trusted = frozenset(host.lower() for host in trusted)
        self._resolver = resolver
        self._clock = clock
        self._transport = transport
        self._robots: dict[str, RobotFileParser] = {}

    def fetch(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """The document at `url`; with `etag` or `last_modified` only if it changed since.

        Raises FetchRefused for a URL that may not be fetched (scheme, address, robots.txt, size) and FetchFailed
        when the server does not deliver.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        deadline = self._clock() + self._limits.seconds
        fetched = self._follow(url, headers, deadline, check=lambda hop: self._check_robots(hop, deadline))
        if not fetched.unchanged and not 200 <= fetched.status < 300:
            raise FetchFailed(f"{url}: the server answered {fetched.status}; check the address")
        return fetched

    def _follow(
        self, start: str, headers: Mapping[str, str], deadline: float, check: Callable[[str], None] | None = None
    ) -> Fetched:
        url = start
        for _ in range(self._limits.redirects + 1):
            address = self._address(url, trust=self._is_trusted(start))
            if check:
                check(url)
            fetched = self._get(url, address, headers, deadline)
            if isinstance(fetched, Fetched):
                return fetched
            url = urljoin(url, fetched)
        raise FetchRefused(f"{start}: more than {self._limits.redirects} redirects; add the page they lead to")

    def _get(self, url: str, address: str, headers: Mapping[str, str], deadline: float) -> Fetched | str:
        """The document, or where a redirect leads."""
        import httpx

        left = deadline - self._clock()
        if left <= 0:
            raise FetchFailed(f"{url}: took longer than {self._limits.seconds:g} seconds; try again later")
        parts = urlsplit(url)
        request = httpx.Request(
            "GET",
            httpx.URL(url).copy_with(host=address, userinfo=b"", fragment=None),
            # A body that unpacks to a thousand times its size is a way around the size limit, so none is asked for.
            headers={"Host": parts.netloc.rpartition("@")[2], "User-Agent": AGENT, "Accept-Encoding": "identity"}
            | dict(headers),
            extensions={"sni_hostname": parts.hostname or "", "timeout": httpx.Timeout(left).as_dict()},
        )
        try:
            with httpx.Client(transport=self._transport, trust_env=False, follow_redirects=False) as client:
                response = client.send(request, stream=True)
                try:
                    if response.status_code in _REDIRECTS and "location" in response.headers:
                        return str(response.headers["location"])
                    return self._read(url, response, deadline)
                finally:
                    response.close()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchFailed(f"{url}: {error or type(error).__name__}; check the address and the network") from error

    def _read(self, url: str, response: "httpx.Response", deadline: float) -> Fetched:
        encoding = response.headers.get("content-encoding", "identity").lower()
        if encoding != "identity":
            raise FetchRefused(f"{url}: sent as {encoding} though not asked for; save the page and add the file")
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > self._limits.size_bytes:
                raise FetchRefused(f"{url}: larger than {self._limits.size_bytes} bytes; save it and add the file")
            if self._clock() > deadline:
                raise FetchFailed(f"{url}: took longer than {self._limits.seconds:g} seconds; try again later")
        return Fetched(
            url=url,
            status=response.status_code,
            body=bytes(body),
            media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
        )

    def _address(self, url: str, *, trust: bool) -> str:
        """The address to connect to. All the host's addresses must be public, as any of them may be the one picked."""
        host, port = _host_and_port(url)
        trusted = trust and self._is_trusted(url)
        if not trusted and port not in _PORTS:
            raise FetchRefused(f"{url}: port {port} is not fetched from, only 80 and 443; {_TRUST}")
        try:
            addresses = self._resolver(host)
        except (OSError, UnicodeError) as error:
            raise FetchFailed(f"{url}: the host name is not known; check the address and the network") from error
        if not addresses:
            raise FetchFailed(f"{url}: the host name has no address; check it")
        inside = [address for address in addresses if not is_public(address)]
        if inside and not trusted:
            raise FetchRefused(f"{url}: leads to {inside[0]}, which is not on the public internet; {_TRUST}")
        return addresses[0]

    def _is_trusted(self, url: str) -> bool:
        host, port = _host_and_port(url)
        return bool(self._trusted & {host, f"{host}:{port}"})

    def _check_robots(self, url: str, deadline: float) -> None:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        if site not in self._robots:
            found = self._follow(f"{site}/robots.txt", {}, deadline)
            self._robots[site] = rules_of(found.status, found.body.decode("utf-8", "replace"), site)
        if not self._robots[site].can_fetch(AGENT, url):
            raise FetchRefused(
                f"{url}: the site's robots.txt asks programs to stay away; save the page and add the file"
            )


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError as error:
        raise FetchRefused(f"{url}: is not a valid address ({error}); correct it") from error
    # "host." and "host" are one name to the resolver, so they are one name to the checks.
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in {"http", "https"} or not host:
        raise FetchRefused(f"{url}: only http and https addresses are fetched; give one, or a file")
    return host, port
