"""How the GREENROOM_… variables are read."""

from pathlib import Path

import pytest

from portal.environment import Environment, is_webhook_secret, own_address


def test_a_folder_is_made_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GREENROOM_HOME", str(tmp_path / "new"))

    made = Environment().folder("HOME", default=tmp_path)

    assert made == tmp_path / "new"
    assert made.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("fd00::7", "[fd00::7]"),
        ("portal.lan", "portal.lan"),
    ],
)
def test_what_listens_everywhere_is_reached_on_this_machine(host: str, address: str) -> None:
    assert own_address(host) == address


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (f"whsec_{'A' * 32}", True),
        (f"whsec_{'A' * 28}", False),
        (f"whsec_{'A' * 100}", False),
        (f"whsec_{'A' * 31}!", False),
        ("A" * 32, False),
        ("whsec_", False),
    ],
    ids=["24 bytes", "21 bytes", "75 bytes", "odd", "bare", "empty"],
)
def test_a_webhook_secret_is_known_by_its_form(text: str, is_one: bool) -> None:
    assert is_webhook_secret(text) is is_one
