"""Reads a site's robots.txt as RFC 9309 says: none there allows everything, a failing server allows nothing."""

from urllib.robotparser import RobotFileParser

from knowledge.errors import FetchFailed


def rules_of(status: int, text: str, site: str) -> RobotFileParser:
    """The rules in `text`, which `site` answered with `status`. Raises FetchFailed if the server could not say."""
    rules = RobotFileParser()
    if 200 <= status < 300:
        rules.parse(text.splitlines())
    elif 400 <= status < 500 and status != 429:
        rules.parse(["User-agent: *", "Allow: /"])
    else:
        raise FetchFailed(f"{site}/robots.txt: the server answered {status}; try again later")
    return rules
