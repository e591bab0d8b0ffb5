"""`manage.py sketch`: serve the embedded video model."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from generations.sketch.offer import MODEL, NOTICE

_KEY_VARIABLE = "GREENROOM_PROVIDER_SKETCH_KEY"
_CALLBACKS_VARIABLE = "GREENROOM_PROVIDER_SKETCH_WEBHOOK_SECRET"
_HANDED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
_HANDED_ON_BEGINNINGS = ("LC_", "PYTHON")


class Command(BaseCommand):
    help = f"Serve {MODEL} ({NOTICE}) at /v1/videos."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.SKETCH_PORT)
        parser.add_argument("--home", type=Path, default=settings.HOME / "sketch")

    def handle(self, *args: Any, **options: Any) -> None:
        """Become the server's own process: it needs none of Django, and keeps this one's id."""
        account = settings.PROVIDERS.get("sketch", {})
        os.chdir(settings.BASE_DIR)
        arguments = ["--host", options["host"], "--port", str(options["port"])]
        arguments += ["--home", str(options["home"].absolute())]
        arguments += ["--portal", settings.LOCAL_URL, "--portal", settings.PUBLIC_URL]
        os.execve(  # noqa: S606 - a program of ours, and arguments that no shell reads
            sys.executable,
            [sys.executable, "-m", "generations.sketch.server", *arguments],
            _environment(account),
        )


def _environment(account: Mapping[str, Any]) -> dict[str, str]:
    """What a program needs of the machine, the key and what it signs callbacks with; no other
    credential and no address."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _HANDED_ON or name.startswith(_HANDED_ON_BEGINNINGS)
    }
    secrets = {"key": _KEY_VARIABLE, "webhook_secret": _CALLBACKS_VARIABLE}
    return kept | {variable: account.get(name, "") for name, variable in secrets.items()}
