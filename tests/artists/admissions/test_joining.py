"""Joining a cohort: its limits come with it, and replace those of the one before."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from artists.admissions.services import join
from artists.models import Artist, Cohort, LedgerEntry, Limit, Window
from artists.quotas.ceilings import grant
from artists.quotas.checking import check_ledger
from artists.quotas.errors import NoLimitSet, QuotaExceeded
from artists.quotas.services import reserve, settle
from artists.quotas.windows import open_windows


@pytest.fixture
def newcomer(db: None) -> Artist:
    return Artist.objects.create_user("new@example.org", credit_name="Nia")


@pytest.fixture
def autumn(db: None) -> Cohort:
    return Cohort.objects.create(name="Autumn", artist_day_credits=50, artist_total_credits=300)


def ceilings(artist: Artist) -> dict[str, int]:
    return {window.limit.period: window.ceiling for window in open_windows(artist)}


def test_who_joins_has_the_limits_of_the_cohort(newcomer: Artist, autumn: Cohort) -> None:
    join(newcomer, autumn)

    newcomer.refresh_from_db()
    assert newcomer.cohort == autumn
    assert ceilings(newcomer) == {"day": 50, "total": 300}
    with pytest.raises(QuotaExceeded):
        reserve(artist=newcomer, amount=51)


def test_a_move_replaces_what_the_cohort_before_granted_and_keeps_what_was_spent(
    newcomer: Artist, autumn: Cohort
) -> None:
    """I3"""
    winter = Cohort.objects.create(
        name="Winter", artist_month_credits=700, artist_total_credits=100
    )
    join(newcomer, autumn)
    settle(reserve(artist=newcomer, amount=40), amount=40)

    join(newcomer, winter)

    assert ceilings(newcomer) == {"month": 700, "total": 100}
    total = Window.objects.get(limit__artist=newcomer, limit__period=Limit.Period.TOTAL)
    assert (total.ceiling, total.spent) == (100, 40)
    assert total.entries.get(kind=LedgerEntry.Kind.ADJUST).ceiling == -200
    assert Window.objects.get(limit__period=Limit.Period.DAY).spent == 40
    assert list(check_ledger()) == []


def test_who_comes_back_goes_on_in_the_same_window(newcomer: Artist, autumn: Cohort) -> None:
    """I3: leaving and joining again does not fill a quota up."""
    join(newcomer, autumn)
    settle(reserve(artist=newcomer, amount=40), amount=40)
    join(newcomer, None)

    join(newcomer, autumn)

    assert [window.spent for window in open_windows(newcomer)] == [40, 40]


def test_what_a_manager_set_by_hand_stays_through_a_move(
    newcomer: Artist, autumn: Cohort, cohort: Cohort
) -> None:
    join(newcomer, autumn)
    grant(Limit.objects.get(artist=newcomer, period=Limit.Period.TOTAL), amount=5)

    join(newcomer, cohort)

    assert ceilings(newcomer) == {"total": 5}


def test_who_is_in_no_cohort_may_not_spend_without_end(newcomer: Artist, autumn: Cohort) -> None:
    """I3: no limit is a choice of a manager, not what is left when nobody chose."""
    with pytest.raises(NoLimitSet):
        reserve(artist=newcomer, amount=1)
    join(newcomer, autumn)
    join(newcomer, None)

    with pytest.raises(NoLimitSet):
        reserve(artist=newcomer, amount=1)


def test_a_cohort_that_sets_no_limits_lets_its_artists_spend_without_end(
    newcomer: Artist, autumn: Cohort
) -> None:
    open_house = Cohort.objects.create(name="Open house")
    join(newcomer, autumn)

    join(newcomer, open_house)

    assert reserve(artist=newcomer, amount=100_000_000).credits == 100_000_000


def test_an_artist_who_lost_the_limits_of_the_cohort_is_refused(
    newcomer: Artist, autumn: Cohort
) -> None:
    """I3: a row that is missing does not open the purse."""
    Artist.objects.filter(pk=newcomer.pk).update(cohort=autumn)
    newcomer.refresh_from_db()

    with pytest.raises(NoLimitSet):
        reserve(artist=newcomer, amount=100_000_000)


def test_limits_from_before_this_was_written_down_are_known_to_be_the_cohorts(
    artist: Artist,
) -> None:
    Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=7)
    migration = importlib.import_module("artists.migrations.0004_limits_granted_before")

    migration.name_the_cohort(apps, SimpleNamespace(connection=connection))

    granted = Limit.objects.filter(granted_by=artist.cohort).values_list("period", flat=True)
    assert list(granted) == ["total"]
