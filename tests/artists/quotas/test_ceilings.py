"""Setting, ending and undoing limits: with a reason, in the ledger and in the trail."""

import pytest
from django.db import IntegrityError, transaction

from artists.admissions.services import join
from artists.models import Artist, Cohort, LedgerEntry, Limit
from artists.quotas.ceilings import end, grant, undo
from artists.quotas.checking import check_ledger
from artists.quotas.errors import ChangedSince, QuotaExceeded, UndoneBefore
from artists.quotas.services import reserve
from portal.audit import Event


@pytest.fixture
def limit(artist: Artist) -> Limit:
    return artist.limits.get()


def last_entry() -> LedgerEntry:
    return LedgerEntry.objects.select_related("window__limit").latest("pk")


def test_a_change_by_a_manager_says_who_and_why_and_from_what_to_what(
    artist: Artist, limit: Limit, manager: Artist
) -> None:
    """I10: the reason, which may name somebody, stands in the ledger and not in the trail."""
    reserve(artist=artist, amount=1)

    grant(limit, amount=1200, by=manager, reason="For Ada's film")

    entry, event = last_entry(), Event.objects.latest()
    assert (entry.kind, entry.ceiling, entry.by) == ("adjust", 200, manager)
    assert (entry.reason, entry.limit_was, entry.limit_became) == ("For Ada's film", 1000, 1200)
    assert (event.verb, event.actor_id, event.subject_id) == (
        "limit.set",
        manager.pk,
        str(limit.pk),
    )
    assert event.facts == {"was": 1000, "became": 1200}


def test_a_new_limit_is_granted_in_the_ledger_with_its_reason(
    cohort: Cohort, manager: Artist
) -> None:
    new = Limit(cohort=cohort, period=Limit.Period.MONTH)

    grant(new, amount=9000, by=manager, reason="The spring budget")

    entry = last_entry()
    assert (entry.kind, entry.ceiling, entry.by) == ("grant", 9000, manager)
    assert (entry.limit_was, entry.limit_became) == (None, 9000)


def test_a_change_that_nothing_of_this_period_shows_stands_in_the_ledger_all_the_same(
    artist: Artist, limit: Limit, manager: Artist
) -> None:
    """The window is full, so that its ceiling stays for now."""
    reserve(artist=artist, amount=1000)

    grant(limit, amount=10, by=manager, reason="Too much")

    assert (last_entry().ceiling, last_entry().limit_became) == (0, 10)


@pytest.mark.parametrize("reason", ["", None])
def test_the_database_refuses_a_change_by_somebody_without_a_reason(
    limit: Limit, manager: Artist, reason: str | None
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        grant(limit, amount=1200, by=manager, reason=reason or "")


def test_undoing_writes_an_entry_the_opposite_way_and_happens_once(
    artist: Artist, limit: Limit, manager: Artist, make_artist
) -> None:
    """I3, I10"""
    other_manager = make_artist("Nora", role="manager")
    grant(limit, amount=1200, by=manager, reason="A slip of the hand")
    slip = last_entry()

    undo(slip, by=other_manager)

    entry = last_entry()
    assert (entry.ceiling, entry.undoes, entry.by) == (-200, slip, other_manager)
    assert entry.reason == "Undone: A slip of the hand"
    with pytest.raises(QuotaExceeded):
        reserve(artist=artist, amount=1001)
    with pytest.raises(UndoneBefore):
        undo(slip, by=manager)
    assert list(check_ledger()) == []


def test_undoing_a_new_limit_ends_it_and_undoing_that_brings_it_back(
    artist: Artist, manager: Artist
) -> None:
    grant(Limit(artist=artist, period=Limit.Period.DAY), amount=5, by=manager, reason="To try it")

    undo(last_entry(), by=manager)
    reserve(artist=artist, amount=6)
    undo(last_entry_of_limits(), by=manager)

    with pytest.raises(QuotaExceeded):
        reserve(artist=artist, amount=6)


def test_an_end_is_undone_too(artist: Artist, limit: Limit, manager: Artist) -> None:
    end(limit, by=manager, reason="By mistake")
    assert limit.ended_at is not None

    undo(last_entry(), by=manager)

    limit.refresh_from_db()
    assert (limit.ended_at, limit.ceiling) == (None, 1000)


def test_what_is_undone_is_its_cohorts_grant_again(
    artist: Artist, cohort: Cohort, limit: Limit, manager: Artist
) -> None:
    """Else a move to another cohort would leave it as something set by hand."""
    Limit.objects.filter(pk=limit.pk).update(granted_by=cohort)
    grant(limit, amount=1200, by=manager, reason="A slip of the hand")

    undo(last_entry(), by=manager)
    join(artist, None)

    limit.refresh_from_db()
    assert limit.granted_by == cohort
    assert limit.ended_at is not None


def test_a_change_that_was_followed_by_another_is_not_undone(limit: Limit, manager: Artist) -> None:
    """It would take the later one back too."""
    grant(limit, amount=1200, by=manager, reason="First")
    first = last_entry()
    grant(limit, amount=1300, by=manager, reason="Second")

    with pytest.raises(ChangedSince):
        undo(first, by=manager)

    limit.refresh_from_db()
    assert limit.ceiling == 1300


def test_of_two_managers_who_set_a_new_limit_at_once_one_is_told(
    artist: Artist, manager: Artist
) -> None:
    first, second = (Limit(artist=artist, period=Limit.Period.DAY) for _ in range(2))
    grant(first, amount=5, by=manager, reason="Mine")

    with pytest.raises(ChangedSince):
        grant(second, amount=9, by=manager, reason="And mine")

    assert Limit.objects.get(artist=artist, period="day").ceiling == 5


def last_entry_of_limits() -> LedgerEntry:
    changes = LedgerEntry.objects.filter(by__isnull=False).select_related("window__limit")
    return changes.latest("pk")
