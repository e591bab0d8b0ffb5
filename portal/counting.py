"""Counts that end by themselves, and lose none of what comes together."""

from django.core.cache import caches


def count(key: str, *, seconds: int) -> int:
    """Add one to a count that ends after so many seconds, and return it."""
    memory = caches["memory"]
    memory.add(key, 0, timeout=2 * seconds)
    try:
        return memory.incr(key)
    except ValueError:  # the cache is full and dropped it: nobody is refused for that
        return 1
