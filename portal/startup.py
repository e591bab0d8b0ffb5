"""What must hold before the portal starts; each check that fails says in a sentence what to set."""

import errno
import os
import secrets
import shutil
import socket
import stat
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal import cache
from portal.backups import database
from portal.backups.checks import CUT_SHORT
from portal.celery import app
from portal.errors import FilesAway

FREE_BYTES = 300_000_000  # about 30 clips of 10 s with their renditions
BROKER_TIMEOUT_SECONDS = 5
OTHERS = 0o077  # everything that is not its owner's


def ensure_ready() -> None:
    """Raise ImproperlyConfigured when the data folder or a server it needs is not to be used."""
    ensure_writable(settings.HOME, setting="GREENROOM_HOME")
    ensure_files_can_be_kept()
    ensure_home_is_private()
    ensure_disk_has_room()
    ensure_database_answers()
    ensure_database_is_whole()
    ensure_broker_answers()
    ensure_cache_answers()


def ensure_writable(folder: Path, *, setting: str) -> None:
    """Raise ImproperlyConfigured when nothing can be kept there; `setting` names the variable."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as exc:
        raise ImproperlyConfigured(
            f"the folder {folder} cannot be written ({exc.strerror}); "
            f"set {setting} to one that can."
        ) from exc


def ensure_files_can_be_kept() -> None:
    """Raise ImproperlyConfigured when the folder or the bucket does not keep a file."""
    place = settings.FILES["OPTIONS"]
    if "bucket_name" not in place:
        ensure_writable(place["location"], setting="GREENROOM_MEDIA")
        return
    try:
        name = default_storage.save(f"probe-{secrets.token_hex(8)}", ContentFile(b"kept"))
        with default_storage.open(name) as probe:
            probe.read()
        default_storage.delete(name)
    except OSError as exc:
        reason = exc.reason if isinstance(exc, FilesAway) else exc
        raise ImproperlyConfigured(
            f"the bucket {place['bucket_name']} does not keep a file ({reason}); "
            "check GREENROOM_MEDIA and GREENROOM_S3_…"
        ) from exc


def ensure_home_is_private() -> None:
    """Close the data folder to others: the codes in its mails sign people in.

    One that belongs to somebody else, or that many share as they do /tmp, stays as it is.
    """
    facts = settings.HOME.stat()
    if facts.st_uid == os.geteuid() and not facts.st_mode & stat.S_ISVTX:
        settings.HOME.chmod(stat.S_IMODE(facts.st_mode) & ~OTHERS)


def ensure_disk_has_room(needed_bytes: int = FREE_BYTES) -> None:
    free = shutil.disk_usage(settings.HOME).free
    if free < needed_bytes:
        raise ImproperlyConfigured(
            f"the disk of {settings.HOME} has {free // 1_000_000} MB free and the portal needs "
            f"{needed_bytes // 1_000_000} MB; make room, or set GREENROOM_HOME to another disk."
        )


def ensure_database_answers() -> None:
    try:
        connection.ensure_connection()
    except DatabaseError as exc:
        raise ImproperlyConfigured(
            f"the database {database_address()} does not answer ({first_line(exc)}); "
            "check GREENROOM_DATABASE_URL."
        ) from exc


def ensure_database_is_whole() -> None:
    if database.is_cut_short():
        raise ImproperlyConfigured(CUT_SHORT)


def ensure_broker_answers() -> None:
    with app.connection_for_write() as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=BROKER_TIMEOUT_SECONDS)
        except OperationalError as exc:
            raise ImproperlyConfigured(
                f"the broker {broker.as_uri()} does not answer ({first_line(exc)}); "
                "check GREENROOM_BROKER_URL."
            ) from exc


def ensure_cache_answers() -> None:
    try:
        cache.ask()
    except RedisError as exc:
        raise ImproperlyConfigured(
            f"the cache does not answer ({first_line(exc)}); check GREENROOM_CACHE_URL."
        ) from exc


def ensure_port_is_free(host: str, port: int, *, setting: str) -> None:
    """Raise ImproperlyConfigured when nothing can listen there; `setting` names the variable."""
    try:
        [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as exc:
        problem = "is in use" if exc.errno == errno.EADDRINUSE else f"cannot be had ({exc})"
        raise ImproperlyConfigured(
            f"port {port} of {host} {problem}; "
            f"stop what listens there, or set {setting} to another port."
        ) from exc


def database_address() -> str:
    """Return the address of the database without its password."""
    default = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return f"in {Path(default['NAME'])}"
    port = f":{default['PORT']}" if default["PORT"] else ""
    return f"postgres://{default['USER']}@{default['HOST']}{port}/{default['NAME']}"


def first_line(exc: Exception) -> str:
    return str(exc).partition("\n")[0].strip()
