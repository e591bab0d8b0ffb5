"""A portal of its own for a benchmark: a fresh database in a folder that goes with it."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import servers
from tests.services.packages import POSTGRES
from tests.services.prepared import copy_home


@contextmanager
def fresh_portal(*, postgres: bool, **settings: str) -> Iterator[None]:
    """Set Django up on an empty, migrated database: SQLite, or a PostgreSQL of its own."""
    os.environ |= {
        "GREENROOM_SECRET_KEY": "known to the benchmarks alone",
        "GREENROOM_EMAIL_URL": "filemail://",
        "GREENROOM_LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        **{f"GREENROOM_{name}": value for name, value in settings.items()},
    }
    with tempfile.TemporaryDirectory(prefix="greenroom-bench-") as home:
        os.environ["GREENROOM_HOME"] = home
        if not postgres:
            copy_home(Path(home))
            _set_up()
            yield
            return
        program = POSTGRES.find()
        if program is None:
            sys.exit("PostgreSQL is not installed.")
        with servers.postgres(program) as url:
            os.environ["GREENROOM_DATABASE_URL"] = servers.create_database(url, "bench")
            _set_up()
            try:
                yield
            finally:
                _disconnect()


def _set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()
