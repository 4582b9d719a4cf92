"""`keys` makes keys that are shown once and kept as hashes, and `serve` does not stand open without one."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.conftest import Done
from ui.keys import Keyring

Run = Callable[..., Done]


def test_a_key_is_shown_once_and_kept_as_a_hash(run: Run, home: Path) -> None:
    made = run("keys", "create", "newsroom", home=home)
    shown = made.stdout.strip()
    assert re.fullmatch(r"mp_[0-9a-f]{8}_[\w-]{43}", shown)
    stored = (home / "keys.sqlite").read_bytes()
    assert shown.encode() not in stored
    assert shown.split("_", 2)[2].encode() not in stored
    assert (home / "keys.sqlite").stat().st_mode & 0o077 == 0
    found = Keyring.open(home, None).key_of(shown)
    assert found is not None
    assert found.name == "newsroom"
    assert found.granted == {"ask", "read"}


def test_a_key_is_listed_without_itself_and_ends_when_it_is_revoked(run: Run, home: Path) -> None:
    made = json.loads(run("keys", "create", "dashboard", "--scope", "read", "--json", home=home).stdout)
    (listed,) = json.loads(run("keys", "list", "--json", home=home).stdout)
    assert listed == {key: value for key, value in made.items() if key != "key"}
    assert run("keys", "revoke", made["id"], home=home).returncode == 0
    assert "revoked" in run("keys", "list", home=home).stdout
    keyring = Keyring.open(home, None)
    assert keyring.key_of(made["key"]) is None
    assert (keyring.any(), keyring.usable()) == (True, False)


@pytest.mark.parametrize(
    "shown", ["", "mp", "mp_", "mp_00000000_x", "sk-1234", "mp_{id}_wrong", "{key}x", "mp__", "MP_{id}_"]
)
def test_what_is_not_the_key_is_not_taken(run: Run, home: Path, shown: str) -> None:
    key, secret = Keyring.open(home, None).create("one", ["ask"])
    assert Keyring.open(home, None).key_of(shown.format(id=key.id, key=secret)) is None


def test_an_admin_key_holds_every_scope(home: Path) -> None:
    key, _ = Keyring.open(home, None).create("maintainer", ["admin"])
    assert key.granted == {"ask", "read", "admin"}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("keys", "create", "x", "--scope", "write"), 2, "ask, read, admin"),
        (("keys", "revoke", "00000000"), 1, "keys list"),
        (("serve", "--host", "0.0.0.0"), 1, "market-pulse keys create"),  # noqa: S104 - that it is refused is tested
        (("serve", "--host", "192.0.2.1"), 1, "market-pulse keys create"),
        (("serve", "--host", "example.org"), 1, "market-pulse keys create"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    run: Run, home: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    done = run(*words, home=home)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in " ".join(done.stderr.replace("│", " ").split())


def test_a_server_whose_keys_are_all_revoked_does_not_start_elsewhere(run: Run, home: Path) -> None:
    keyring = Keyring.open(home, None)
    key, _ = keyring.create("gone", ["ask"])
    keyring.revoke(key.id)
    assert run("serve", "--host", "0.0.0.0", home=home).returncode == 1  # noqa: S104 - as above
