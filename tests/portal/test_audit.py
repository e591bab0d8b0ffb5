"""The audit trail (I10)."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from artists.models import Artist
from portal import audit
from portal.audit import AppendOnly, AuditHead, Event, record
from portal.audit_check import NAMED_MAX, verify
from portal.origin import OriginMiddleware


@pytest.fixture
def trail(artist: Artist) -> list[Event]:
    return [record(f"test.step{n}", actor=artist, subject=artist, facts={"n": n}) for n in "abcde"]


@pytest.fixture
def unguarded(db: None) -> Callable[..., None]:
    """Run SQL as somebody who may switch the database's own guards off."""

    def run(sql: str, *values: str | int) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("ALTER TABLE portal_event DISABLE TRIGGER USER")
            else:
                cursor.execute("DROP TRIGGER IF EXISTS portal_event_is_never_changed")
                cursor.execute("DROP TRIGGER IF EXISTS portal_event_is_never_removed")
            cursor.execute(sql, values)

    return run


def execute(sql: str, *values: str | int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def complaint(*arguments: str) -> str:
    with pytest.raises(CommandError) as error:
        call_command("audit", "verify", *arguments)
    assert error.value.returncode == 1
    return str(error.value)


def flaws() -> list[str]:
    """What is wrong, a line each, without the total."""
    return complaint().splitlines()[:-1]


def forge(sequence: int, *, after: str) -> None:
    """Put an event in as the program never does."""
    forged = Event(
        sequence=sequence, at=timezone.now(), verb="test.forged", subject_type="x", subject_id="1"
    )
    forged.sha256 = forged.hash_after(after)
    forged.save()


def test_a_trail_that_nobody_touched_is_whole(trail, capsys):
    """I10"""
    call_command("audit", "verify")

    assert f"5 events, head {trail[-1].sha256}" in capsys.readouterr().out


def test_an_empty_trail_is_whole(db, capsys):
    """I10"""
    call_command("audit", "verify")

    assert "0 events" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "test.other"),
        ("actor_id", 999),
        ("subject_type", "artists.token"),
        ("subject_id", "999"),
        ("facts", '{"n": "x"}'),
        ("address", "203.0.113.9"),
        ("address", ""),
        ("at", "2020-01-01 00:00:00+00:00"),
    ],
)
def test_a_changed_event_is_named(trail, unguarded, column, value):
    """I10"""
    unguarded(f"UPDATE portal_event SET {column} = %s WHERE sequence = 3", value)

    assert flaws() == ["Event 3: changed."]


@pytest.mark.parametrize("sequence", [1, 3])
def test_a_changed_hash_is_named_and_not_the_event_after_it(trail, unguarded, sequence):
    """I10"""
    unguarded("UPDATE portal_event SET sha256 = %s WHERE sequence = %s", "f" * 64, sequence)

    assert flaws() == [f"Event {sequence}: the hash in it was changed."]


def test_every_bad_event_is_named(trail, unguarded):
    """I10: not the first alone."""
    unguarded("UPDATE portal_event SET verb = 'test.other' WHERE sequence IN (1, 2, 5)")
    unguarded("DELETE FROM portal_event WHERE sequence = 3")

    assert complaint().splitlines() == [
        "Event 1: changed.",
        "Event 2: changed.",
        "Event 3: missing, so that nothing proves what event 4 says.",
        "Event 5: changed.",
        "Not as written: 4 of the audit trail.",
    ]


def test_a_changed_last_event_of_which_the_head_knows_the_hash(trail, unguarded):
    """I10"""
    unguarded("UPDATE portal_event SET sha256 = %s WHERE sequence = 5", "f" * 64)

    assert flaws() == ["Event 5: not the one that the head names.", "Event 5: changed."]


def test_removed_events_are_named(trail, unguarded):
    """I10"""
    unguarded("DELETE FROM portal_event WHERE sequence IN (1, 3, 4)")

    assert flaws() == [
        "Event 1: missing, so that nothing proves what event 2 says.",
        "Events 3–4: missing, so that nothing proves what event 5 says.",
    ]


def test_events_removed_at_the_end_are_noticed(trail, unguarded):
    """I10"""
    unguarded("DELETE FROM portal_event WHERE sequence > 3")

    assert flaws() == ["Events 4–5: missing: the end is cut off."]


def test_an_emptied_trail_is_noticed(trail):
    """I10"""
    execute(
        "TRUNCATE portal_event" if connection.vendor == "postgresql" else "DELETE FROM portal_event"
    )

    assert flaws() == ["Events 1–5: missing: the end is cut off."]


def test_a_gap_closed_by_new_numbers_is_noticed(trail, unguarded):
    """I10: what is left follows from nothing that is there."""
    unguarded("DELETE FROM portal_event WHERE sequence = 2")
    for old in (3, 4, 5):
        unguarded("UPDATE portal_event SET sequence = %s WHERE sequence = %s", old - 1, old)

    assert flaws() == [
        "Event 2: changed.",
        "Event 3: changed.",
        "Event 4: changed.",
        "Event 5: missing: the end is cut off.",
    ]


@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, 4), (1, 5)])
def test_two_events_that_changed_places_are_named_and_no_other(trail, unguarded, one, other):
    """I10"""
    for old, new in ((one, 9), (other, one), (9, other)):
        unguarded("UPDATE portal_event SET sequence = %s WHERE sequence = %s", new, old)

    assert [line for line in flaws() if "head" not in line] == [
        f"Event {one}: moved here, it was event {other}.",
        f"Event {other}: moved here, it was event {one}.",
    ]


def test_an_event_put_in_between_is_named(trail, unguarded):
    """I10: the others were pushed on by one."""
    for old in (5, 4, 3):
        unguarded("UPDATE portal_event SET sequence = %s WHERE sequence = %s", old + 1, old)
    forge(3, after=trail[1].sha256)

    assert flaws() == [
        "Event 3: put in.",
        "Event 4: moved here, it was event 3.",
        "Event 5: not the one that the head names.",
        "Event 5: moved here, it was event 4.",
        "Event 6: put in behind the head.",
    ]


def test_an_event_put_in_whose_hash_fits_nothing_is_named(trail, unguarded):
    """I10"""
    for old in (5, 4, 3):
        unguarded("UPDATE portal_event SET sequence = %s WHERE sequence = %s", old + 1, old)
    forge(3, after="e" * 64)

    assert flaws()[:2] == ["Event 3: put in.", "Event 4: moved here, it was event 3."]


@pytest.mark.parametrize(
    ("sequence", "words"), [(0, "put in before the first"), (6, "put in behind the head")]
)
def test_an_event_put_in_at_an_end_is_named(trail, sequence, words):
    """I10"""
    forge(sequence, after=trail[-1].sha256)

    assert flaws() == [f"Event {sequence}: {words}."]


def test_a_head_that_was_changed_is_noticed(trail):
    """I10"""
    AuditHead.objects.update(sha256="e" * 64)

    assert flaws() == ["Event 5: not the one that the head names."]


def test_what_is_named_is_bounded_and_the_rest_counted(artist, unguarded):
    """I10"""
    for _ in range(NAMED_MAX + 20):
        record("test.step", actor=artist, subject=artist)
    unguarded("UPDATE portal_event SET verb = 'test.other'")

    lines = complaint().splitlines()

    assert len(lines) == NAMED_MAX + 2
    assert lines[-2:] == [
        "And 20 more that are not named.",
        f"Not as written: {NAMED_MAX + 20} of the audit trail.",
    ]


def test_a_trail_written_anew_lacks_the_head_that_was_noted(trail, unguarded):
    """I10"""
    noted = trail[-1].sha256
    call_command("audit", "verify", "--noted", noted)
    unguarded("DELETE FROM portal_event")
    AuditHead.objects.all().delete()
    record("test.forged", actor=None, subject=Artist.objects.get())

    assert complaint("--noted", noted) == f"The trail was written anew: {noted} is gone."


def test_the_database_refuses_to_change_an_event(trail):
    """I10"""
    with pytest.raises(DatabaseError, match="never changed"):
        execute("UPDATE portal_event SET verb = 'x' WHERE sequence = 2")


@pytest.mark.parametrize("sequence", [2, 5])
def test_the_database_refuses_to_remove_an_event(trail, sequence):
    """I10"""
    with pytest.raises(DatabaseError, match="removed"):
        execute("DELETE FROM portal_event WHERE sequence = %s", sequence)


def test_the_models_refuse_to_change_or_remove_an_event(trail):
    """I10"""
    event = Event.objects.get(sequence=2)
    for touch in (
        event.save,
        event.delete,
        lambda: Event.objects.update(verb="x"),
        lambda: Event.objects.filter(sequence=2).delete(),
    ):
        with pytest.raises(AppendOnly):
            touch()


def test_an_event_goes_with_the_transaction_that_it_is_of(artist):
    """I10"""
    with transaction.atomic():
        record("test.undone", actor=artist, subject=artist)
        transaction.set_rollback(True)

    record("test.done", actor=artist, subject=artist)

    assert [event.verb for event in Event.objects.all()] == ["test.done"]
    assert verify().is_whole


def test_facts_hold_no_fractions(artist):
    with pytest.raises(ValueError, match="fractions"):
        record("test.step", actor=artist, subject=artist, facts={"share": 0.1})


@pytest.mark.django_db(transaction=True)
def test_fifty_writers_append_to_one_chain_without_gap_or_fork(artist):
    """I10: together from the first event on, each with a connection of its own."""
    together = Barrier(50)

    def append(worker: int) -> None:
        try:
            together.wait()
            for n in range(3):
                record("test.step", actor=artist, subject=artist, facts={"n": n, "by": worker})
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as threads:
        list(threads.map(append, range(50)))

    assert list(Event.objects.values_list("sequence", flat=True)) == list(range(1, 151))
    trail = verify()
    assert (trail.events, trail.is_whole) == (150, True)


def test_an_event_costs_one_lock_one_insert_and_the_heads_own_move(
    artist, trail, django_assert_num_queries
):
    """In the caller's transaction, without a savepoint of its own."""
    with django_assert_num_queries(3) as queries:
        record("test.step", actor=artist, subject=artist)

    words = [query["sql"].split()[0] for query in queries]
    assert words == ["SELECT", "INSERT", "UPDATE"]


def test_an_event_knows_from_where_it_was_done(artist, rf):
    """I10"""
    done = []

    def act(request):
        done.append(record("test.step", actor=artist, subject=artist))
        return HttpResponse()

    for sender in ("203.0.113.7", "2001:DB8::7", "unix:", ""):
        OriginMiddleware(act)(rf.get("/", REMOTE_ADDR=sender))
    done.append(record("test.step", actor=None, subject=artist))

    addresses = [event.address for event in done]
    assert addresses == ["203.0.113.7", "2001:db8::7", None, None, None]
    assert verify().is_whole


def test_the_address_is_what_the_proxy_says_where_one_is_trusted(artist, rf, settings):
    """I10: whatever the client wrote before it."""
    forwarded = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    done = []

    def act(request):
        done.append(record("test.step", actor=artist, subject=artist).address)
        return HttpResponse()

    OriginMiddleware(act)(rf.get("/", headers=forwarded))
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    OriginMiddleware(act)(rf.get("/", headers=forwarded))

    assert done == ["127.0.0.1", "203.0.113.7"]


def test_events_from_before_addresses_were_kept_are_whole(artist):
    """I10: their hash is of what they held then."""
    event = record("test.step", actor=artist, subject=artist)
    content = {
        "sequence": 1,
        "at": event.at.astimezone(UTC).isoformat(),
        "verb": "test.step",
        "actor": artist.pk,
        "subject": ["artists.artist", str(artist.pk)],
        "facts": {},
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))

    assert event.sha256 == hashlib.sha256(f"{audit.BEGINNING}\n{text}".encode()).hexdigest()
