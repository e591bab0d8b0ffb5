"""What stands in the way of a start is told in one sentence that says what to set."""

import os
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import startup
from tests.services.portal import MANAGE
from tests.services.servers import free_port

NOBODY_THERE = "127.0.0.1:1"  # tcpmux, which nobody serves

WRONG_SETTINGS = {
    "no secret key": (
        {"GREENROOM_SECRET_KEY": ""},
        "GREENROOM_SECRET_KEY",
    ),
    "an unknown kind of database": (
        {"GREENROOM_DATABASE_URL": "mysql://portal:hunter2@localhost/portal"},
        "GREENROOM_DATABASE_URL",
    ),
    "a database that is not there": (
        {"GREENROOM_DATABASE_URL": f"postgres://portal:hunter2@{NOBODY_THERE}/greenroom"},
        f"postgres://portal@{NOBODY_THERE}/greenroom does not answer",
    ),
    "a database file that is none": (
        {"GREENROOM_DATABASE_URL": f"sqlite:///{Path(__file__).resolve()}"},
        "GREENROOM_DATABASE_URL",
    ),
    "a broker that is not there": (
        {"GREENROOM_BROKER_URL": f"redis://:hunter2@{NOBODY_THERE}/0"},
        "GREENROOM_BROKER_URL",
    ),
    "a cache that is not there": (
        {"GREENROOM_CACHE_URL": f"redis://:hunter2@{NOBODY_THERE}/1"},
        "GREENROOM_CACHE_URL",
    ),
    "certificates without their key": (
        {"GREENROOM_C2PA_CHAIN": "chain.pem"},
        "GREENROOM_C2PA_KEY",
    ),
    "certificates that are not there": (
        {"GREENROOM_C2PA_CHAIN": "/gone.pem", "GREENROOM_C2PA_KEY": "/gone-key.pem"},
        "/gone.pem cannot be read (No such file or directory); check GREENROOM_C2PA_CHAIN",
    ),
    "a provider without its credential": (
        {"GREENROOM_PROVIDERS": "sketch,atelier", "GREENROOM_PROVIDER_ATELIER_URL": "https://x/v1"},
        "GREENROOM_PROVIDER_ATELIER_KEY",
    ),
    "a provider without its address": (
        {"GREENROOM_PROVIDERS": "atelier", "GREENROOM_PROVIDER_ATELIER_KEY": "hunter2"},
        "GREENROOM_PROVIDER_ATELIER_URL",
    ),
    "a provider whose API nobody speaks": (
        {"GREENROOM_PROVIDER_SKETCH_API": "foo"},
        "GREENROOM_PROVIDER_SKETCH_API",
    ),
    "a provider at no address": (
        {"GREENROOM_PROVIDER_SKETCH_URL": "file:///etc"},
        "GREENROOM_PROVIDER_SKETCH_URL",
    ),
    "a provider's keys at no address": (
        {"GREENROOM_PROVIDER_SKETCH_KEYS_URL": "file:///etc"},
        "GREENROOM_PROVIDER_SKETCH_KEYS_URL",
    ),
    "a credential with a line end": (
        {"GREENROOM_PROVIDER_SKETCH_KEY": "hunter2\n"},
        "GREENROOM_PROVIDER_SKETCH_KEY",
    ),
    "a moderation server at no address": (
        {"GREENROOM_MODERATION_URL": "moderation.example/v1"},
        "GREENROOM_MODERATION_URL",
    ),
    "a key of moderation with a line end": (
        {"GREENROOM_MODERATION_KEY": "hunter2\n"},
        "GREENROOM_MODERATION_KEY",
    ),
    "a webhook secret in another form": (
        {"GREENROOM_PROVIDER_SKETCH_WEBHOOK_SECRET": "whsec_hunter2"},
        "GREENROOM_PROVIDER_SKETCH_WEBHOOK_SECRET",
    ),
    "a currency that is none": ({"GREENROOM_CURRENCY": "dollars"}, "GREENROOM_CURRENCY"),
    "a mark that is none": ({"GREENROOM_DRAFT_MARK": "centre"}, "GREENROOM_DRAFT_MARK"),
    "a ledger check without a rest": (
        {"GREENROOM_LEDGER_CHECK_SECONDS": "0"},
        "GREENROOM_LEDGER_CHECK_SECONDS",
    ),
    "drafts that go before their notice": (
        {"GREENROOM_DRAFT_DAYS": "7"},
        "GREENROOM_DRAFT_NOTICE_DAYS",
    ),
    "files that are never read again": (
        {"GREENROOM_FILES_REREAD_DAYS": "0"},
        "GREENROOM_FILES_REREAD_DAYS",
    ),
    "no way to send mail": ({"GREENROOM_EMAIL_URL": ""}, "GREENROOM_EMAIL_URL"),
    "an unknown way to send mail": (
        {"GREENROOM_EMAIL_URL": "pigeon://portal:hunter2@loft"},
        "GREENROOM_EMAIL_URL",
    ),
    "a public address that is none": (
        {"GREENROOM_PUBLIC_URL": "greenroom.example"},
        "GREENROOM_PUBLIC_URL",
    ),
    "a demo that others reach": (
        {"GREENROOM_DEMO": "1", "GREENROOM_HOST": "0.0.0.0"},
        "GREENROOM_HOST",
    ),
    "a demo in public": (
        {"GREENROOM_DEMO": "1", "GREENROOM_PUBLIC_URL": "https://greenroom.example"},
        "GREENROOM_PUBLIC_URL",
    ),
    "a port that is no number": ({"GREENROOM_PORT": "http"}, "GREENROOM_PORT"),
    "a data folder that cannot be made": (
        {"GREENROOM_HOME": "/dev/null/greenroom"},
        "GREENROOM_HOME",
    ),
    "a folder of files that cannot be written": ({"GREENROOM_MEDIA": "/proc"}, "GREENROOM_MEDIA"),
    "a bucket without a name": ({"GREENROOM_MEDIA": "s3://"}, "GREENROOM_MEDIA"),
    "a bucket and a way out of its prefix": (
        {"GREENROOM_MEDIA": "s3://files/../others"},
        "GREENROOM_MEDIA",
    ),
    "a bucket's server with a password": (
        {"GREENROOM_MEDIA": "s3://files", "GREENROOM_S3_ENDPOINT": "https://me:hunter2@s3"},
        "GREENROOM_S3_ENDPOINT",
    ),
    "half a credential of a bucket": (
        {"GREENROOM_MEDIA": "s3://files", "GREENROOM_S3_SECRET_KEY": "hunter2"},
        "GREENROOM_S3_ACCESS_KEY",
    ),
    "a credential of a bucket with a line end": (
        {
            "GREENROOM_MEDIA": "s3://files",
            "GREENROOM_S3_ACCESS_KEY": "hunter2",
            "GREENROOM_S3_SECRET_KEY": "hunter2\n",
        },
        "GREENROOM_S3_SECRET_KEY",
    ),
    "a bucket that is not there": (
        {
            "GREENROOM_MEDIA": "s3://files",
            "GREENROOM_S3_ENDPOINT": f"http://{NOBODY_THERE}",
            "GREENROOM_S3_ACCESS_KEY": "hunter2",
            "GREENROOM_S3_SECRET_KEY": "hunter2",
        },
        "the bucket files does not keep a file (EndpointConnectionError)",
    ),
    "nginx and a bucket": (
        {"GREENROOM_MEDIA": "s3://files", "GREENROOM_DELIVERY": "/private"},
        "GREENROOM_DELIVERY",
    ),
    "a broker of an unknown kind": (
        {"GREENROOM_BROKER_URL": "pigeon://portal:hunter2@loft"},
        "GREENROOM_BROKER_URL",
    ),
    "an internal location of nginx that is none": (
        {"GREENROOM_DELIVERY": "private"},
        "GREENROOM_DELIVERY",
    ),
    "signed addresses of a folder": ({"GREENROOM_DELIVERY": "signed"}, "GREENROOM_S3_ENDPOINT"),
}


def start(
    home: Path, settings: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run `manage.py up` where nothing but `settings` is set, until it refuses."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GREENROOM_")}
    given = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "GREENROOM_HOME": str(home),
        "GREENROOM_SECRET_KEY": "known to the tests alone",
        "GREENROOM_EMAIL_URL": "filemail://",
        "GREENROOM_PORT": str(free_port()),
        "GREENROOM_SKETCH_PORT": str(free_port()),
    }
    return subprocess.run(
        [*MANAGE, "up", *arguments],
        env=inherited | given | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("settings", "told"), WRONG_SETTINGS.values(), ids=WRONG_SETTINGS)
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    tmp_path: Path, settings: dict[str, str], told: str
):
    refused = start(tmp_path, settings)

    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1, refused.stderr
    assert refused.stderr.startswith("greenroom: ")
    assert told in refused.stderr
    assert "hunter2" not in refused.stderr + refused.stdout


def test_the_demo_needs_its_switch(tmp_path: Path):
    refused = start(tmp_path, {}, "--demo")

    assert (refused.returncode, refused.stderr) == (
        1,
        "greenroom: set GREENROOM_DEMO=1 to start the demo.\n",
    )


def test_a_full_disk_is_told_with_what_is_free_and_needed():
    with pytest.raises(ImproperlyConfigured, match=r"has \d+ MB free and .* needs 10000000000 MB"):
        startup.ensure_disk_has_room(10**16)
