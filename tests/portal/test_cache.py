"""The cache, where the limits on haste are counted."""

from django.core.cache import cache


def test_it_forgets_nobody_before_their_time() -> None:
    tries = {f"sign-in-of-{number}": number for number in range(400)}

    cache.set_many(tries)

    assert cache.get_many(tries) == tries
