"""The cache, where the limits on haste are counted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache

from portal.cache import ForgetfulRedisCache

pytestmark = pytest.mark.servers

NOBODY_THERE = "redis://127.0.0.1:1/0"  # tcpmux, which nobody serves


@pytest.fixture
def away() -> BaseCache:
    return ForgetfulRedisCache(NOBODY_THERE, {})


def test_it_forgets_nobody_before_their_time() -> None:
    tries = {f"sign-in-of-{number}": number for number in range(400)}

    cache.set_many(tries)

    assert cache.get_many(tries) == tries


def test_one_that_is_away_is_an_empty_one(away: BaseCache, caplog: Any) -> None:
    away.set("wait", 30)

    assert away.get("wait", "not known") == "not known"
    assert away.get_or_set("wait", lambda: 40) == 40
    assert away.delete("wait") is False
    assert "the cache is away: Error 111 connecting" in caplog.text


def test_one_that_is_away_has_nothing_to_add_to(away: BaseCache) -> None:
    """Who counts by it takes that for a first one: nobody is refused because it is away."""
    with pytest.raises(ValueError, match="nothing to add to"):
        away.incr("writes")


def test_one_that_is_away_lets_nobody_try_passwords_without_end(away: BaseCache) -> None:
    """allauth takes a lock by `add` before it counts, and refuses where it gets none."""
    assert away.add("login:lock", True) is False


def test_of_threads_that_add_one_key_together_one_succeeds() -> None:
    """By this allauth locks what it counts; Django's own cache of files lets several in."""
    together = Barrier(8)

    def add(number: int) -> bool:
        together.wait()
        return cache.add(f"lock-{number // 8}", 1)

    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(add, range(8 * 40)))

    assert sum(added) == 40
