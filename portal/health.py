"""Is it alive, and is the whole site in order?"""

import threading
import time
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal import cache, pulses
from portal.celery import app

REMEMBERED_SECONDS = 2  # asking is cheap, so anybody may


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 once this process can read its database; a database that is away answers 500."""
    ask_database()
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Tell of each part whether it answers, and of each queue whether a worker was there lately.

    200 where all do, else 503. Pages may work all the same: this is for who looks after the
    site, not for a load balancer.
    """
    found = _findings.now()
    in_order = all(found.values())
    told = {name: "ok" if answers else "away" for name, answers in found.items()}
    return JsonResponse(told, status=HTTPStatus.OK if in_order else HTTPStatus.SERVICE_UNAVAILABLE)


class Findings:
    """What was found a moment ago: however many ask, the parts are asked once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, bool] = {}
        self._until = 0.0

    def now(self) -> dict[str, bool]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = ask_all()
                self._until = time.monotonic() + REMEMBERED_SECONDS
            return self._found


def ask_all() -> dict[str, bool]:
    workers = {f"worker:{queue}": is_felt for queue, is_felt in pulses.felt().items()}
    return {
        "database": database_answers(),
        "cache": cache_answers(),
        "broker": broker_answers(),
        "files": files_answer(),
        **workers,
    }


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def database_answers() -> bool:
    try:
        ask_database()
    except DatabaseError:
        return False
    return True


def cache_answers() -> bool:
    try:
        cache.ask()
    except RedisError:
        return False
    return True


def broker_answers() -> bool:
    """Tell whether a new connection can be had: an old one may not know yet that it is dead."""
    with app.connection_for_write() as broker:
        try:
            broker.ensure_connection(max_retries=0, timeout=app.conf.broker_connection_timeout)
            broker.default_channel.close()
        except OperationalError:
            return False
    return True


def files_answer() -> bool:
    """Tell whether the storage says of a file if it is there."""
    try:
        default_storage.exists("probe")
    except OSError:
        return False
    return True


_findings = Findings()
