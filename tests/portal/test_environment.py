"""How the GREENROOM_… variables are read."""

import os
import subprocess
import sys
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


@pytest.mark.parametrize(
    ("delivery", "sources"),
    [("application", "'self'"), ("signed", "'self' https://s3.eu-central-1.amazonaws.com")],
)
def test_pictures_and_videos_come_from_the_bucket_only_where_it_sends_them(
    tmp_path: Path, delivery: str, sources: str
) -> None:
    given = {
        "GREENROOM_HOME": str(tmp_path),
        "GREENROOM_SECRET_KEY": "known to the tests alone",
        "GREENROOM_EMAIL_URL": "filemail://",
        "GREENROOM_MEDIA": "s3://files/programme",
        "GREENROOM_S3_ENDPOINT": "https://s3.eu-central-1.amazonaws.com/",
        "GREENROOM_DELIVERY": delivery,
    }
    text = "from portal.settings import CONTENT_SECURITY_POLICY as policy\n"
    text += "for kind in ('img-src', 'media-src'): print(*policy['DIRECTIVES'][kind])"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GREENROOM_")}

    said = subprocess.run(
        [sys.executable, "-c", text],
        env=inherited | given,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert said.splitlines() == [sources, sources]
