"""`manage.py up`: the whole portal under one command."""

import http.client
import logging
import os
import sys
import time
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand
from django.db import connections

from portal import startup
from portal.celery import app
from portal.queues import WORKERS
from portal.supervisor import hidden, preparation
from portal.supervisor.console import Console
from portal.supervisor.parts import Beat, Part, Process
from portal.supervisor.supervisor import STOP_SECONDS, Supervisor

HIDDEN = hidden.__file__
MANAGE = (sys.executable, str(settings.BASE_DIR / "manage.py"))
WEB_THREADS = 200  # a slow reader or sender holds one: nginx in front spares them
QUIET_AS_ROOT = ("-W", "ignore:You're running the worker with superuser privileges")
SKETCH_HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Start web, workers, schedule and the embedded video model; Ctrl-C stops them all."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="fill in the sample programme (manage.py demo)"
        )

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        if demo and not settings.DEMO:
            raise ImproperlyConfigured("set GREENROOM_DEMO=1 to start the demo.")
        console = Console(self.stdout)
        os.umask(startup.OTHERS)
        hidden.hide()
        try:
            startup.ensure_ready()
            with preparation.sole_use(settings.HOME) as was_killed:
                ensure_ports_are_free(patience_seconds=STOP_SECONDS if was_killed else 0)
                preparation.check_settings(console)
                preparation.migrate(console)
                preparation.collect_static_files(console)
                connections.close_all()
                supervise(console, is_demo=demo)
        except KeyboardInterrupt:
            sys.exit(130)


def supervise(console: Console, *, is_demo: bool) -> None:
    def welcome() -> Part | None:
        console.say(f"Greenroom is up: {settings.PUBLIC_URL} (Ctrl-C stops it)")
        demo = Process("demo", [*MANAGE, "demo"], console=console, speaker="")
        return demo if is_demo else None

    console.say(f"Greenroom starts on {settings.HOST}:{settings.PORT}; data in {settings.HOME}")
    Supervisor(parts(console), console=console, is_ready=web_answers, on_ready=welcome).run()
    console.say("Greenroom has stopped.")


def parts(console: Console) -> list[Part]:
    """Return what makes up this portal: with the sketch server, where it is the provider."""
    web = [sys.executable, HIDDEN, "granian", "--interface", "wsgi", "--no-ws"]
    web += ["--host", settings.HOST, "--port", str(settings.PORT), "--log-level", "error"]
    web += ["--blocking-threads", str(WEB_THREADS), "portal.wsgi:application"]
    worker = [sys.executable, *(QUIET_AS_ROOT if settings.DEMO else ())]
    worker += [HIDDEN, "celery", "--quiet", "--app", "portal", "worker"]
    worker += ["--pool", "threads"]
    worker += ["--loglevel", logging.getLevelName(logging.getLogger().level)]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    running: list[Part] = [
        Process("web", web, console=console),
        *(Process(one.name, [*worker, *one.options()], console=console) for one in WORKERS),
        Beat(app),
    ]
    if sketch_is_ours():
        running.append(Process("sketch", [*MANAGE, "sketch"], console=console))
    return running


def sketch_is_ours() -> bool:
    """Tell whether the provider `sketch` is the embedded server at its default address."""
    return settings.PROVIDERS.get("sketch", {}).get("url") == settings.SKETCH_URL


def ensure_ports_are_free(*, patience_seconds: float) -> None:
    """Check the ports; the parts of a supervisor that was killed may need a while to end."""
    ports = [(settings.HOST, settings.PORT, "GREENROOM_PORT")]
    if sketch_is_ours():
        ports.append((SKETCH_HOST, settings.SKETCH_PORT, "GREENROOM_SKETCH_PORT"))
    deadline = time.monotonic() + patience_seconds
    for host, port, setting in ports:
        while True:
            try:
                startup.ensure_port_is_free(host, port, setting=setting)
                break
            except ImproperlyConfigured:
                if time.monotonic() >= deadline:
                    raise
            time.sleep(0.2)


def web_answers() -> bool:
    """Tell whether the web server answers at all; whom it welcomes there is its own affair."""
    host = urlsplit(settings.LOCAL_URL).hostname or settings.HOST
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
