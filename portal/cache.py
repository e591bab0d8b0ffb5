"""The cache: in files, exact among threads; or on Redis, and one that is away is an empty one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ExactFileCache(FileBasedCache):
    """Of threads that add one key together, one succeeds: limits on guesses lock by that.

    Django's own looks first and writes then, and lets two in. Web is one process where the cache
    lies in files.
    """

    _adding = Lock()

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        with self._adding:
            return super().add(key, value, timeout, version)


class ForgetfulClient(RedisCacheClient):
    """What is kept is cheap to lose: waiting times, and who tried what how often.

    While it is away nothing can be added, and `add` says so: allauth then refuses sign-ins, whose
    rate it cannot limit. Who is signed in works on: quotas and sessions are the database's.
    """

    def get(self, key: Any, default: Any) -> Any:
        with _may_be_away():
            return super().get(key, default)
        return default

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        with _may_be_away():
            super().set(key, value, timeout)

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        with _may_be_away():
            return bool(super().add(key, value, timeout))
        return False

    def incr(self, key: Any, delta: int) -> int:
        with _may_be_away():
            return int(super().incr(key, delta))
        raise ValueError("there is nothing to add to")

    def delete(self, key: Any) -> bool:
        with _may_be_away():
            return bool(super().delete(key))
        return False


class ForgetfulRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgetfulClient

    def ping(self) -> None:
        self._cache.get_client(write=True).ping()


def ask() -> None:
    """Raise RedisError when the cache's server does not answer; one of files has none."""
    backend = caches["default"]
    if isinstance(backend, ForgetfulRedisCache):
        backend.ping()


@contextmanager
def _may_be_away() -> Iterator[None]:
    try:
        yield
    except RedisError as exc:
        logger.error("the cache is away: %s", exc)  # noqa: TRY400  (no traceback each time)
