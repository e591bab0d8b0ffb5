"""A site that people reach by https."""

import os
import secrets
import subprocess
from pathlib import Path
from types import SimpleNamespace

from tests.generations.media.credentials.chains import write_chain
from tests.services.portal import MANAGE

PUBLIC = "https://greenroom.example"
LOOK = """
from django.test import Client
from django.conf import settings
client = Client(SERVER_NAME="greenroom.example")
print(client.get("/accounts/login/").headers.get("Location"))
print(client.get("/healthz", SERVER_NAME="127.0.0.1").status_code)
print(settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL, settings.SESSION_COOKIE_SECURE)
"""


def manage(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GREENROOM_")}
    site = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "GREENROOM_HOME": str(home),
        "GREENROOM_SECRET_KEY": secrets.token_urlsafe(48),
        "GREENROOM_PUBLIC_URL": PUBLIC,
        "GREENROOM_BEHIND_PROXY": "1",
        "GREENROOM_EMAIL_URL": "smtp+tls://portal:hunter2@mail.example:587",
    }
    return subprocess.run(
        [*MANAGE, *arguments],
        env=inherited | site | more,
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_own_checks_for_a_public_site_find_nothing(tmp_path: Path) -> None:
    chain, key = write_chain(tmp_path, SimpleNamespace())
    signing = {"GREENROOM_C2PA_CHAIN": str(chain), "GREENROOM_C2PA_KEY": str(key)}

    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **signing)

    assert checked.returncode == 0, checked.stderr


def test_a_public_site_is_warned_of_certificates_that_nobody_knows(tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")

    assert checked.returncode == 1
    assert "credentials.W003" in checked.stderr


def test_what_comes_without_encryption_is_sent_on_but_for_the_question_of_health(
    tmp_path: Path,
) -> None:
    told = manage(tmp_path, "shell", "--verbosity", "0", "--command", LOOK).stdout.splitlines()

    assert told == [f"{PUBLIC}/accounts/login/", "200", "https True"]
