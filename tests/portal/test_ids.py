"""Identifiers sort in the order of their making."""

import time
import uuid

from portal.ids import uuid7


def test_they_sort_as_they_were_made_many_within_a_millisecond() -> None:
    made = [uuid7() for _ in range(2000)]

    assert made == sorted(made)
    assert len({one.int >> 80 for one in made}) < len(made)


def test_they_are_of_version_7_and_tell_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= after
