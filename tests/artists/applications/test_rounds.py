"""Rounds: what a manager sets, and what is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from artists.applications.deciding import Verdict, decide
from artists.models import Round
from portal.audit import Event
from tests.artists.applications.rows import make_application, make_round

NEW = reverse("artists:new_round")


@pytest.fixture
def form(cohort):
    return {
        "name": "Winter",
        "cohort": cohort.pk,
        "opens_at": "2026-12-01T09:00",
        "closes_at": "2026-12-20T18:00",
        "places": "12",
    }


def test_a_manager_makes_and_changes_a_round(client, manager, form):
    client.force_login(manager)

    client.post(NEW, form)
    made = Round.objects.get()
    client.post(reverse("artists:round", args=[made.pk]), form | {"places": "15"})

    made.refresh_from_db()
    assert (made.name, made.places, made.closes_at.isoformat()) == (
        "Winter",
        15,
        "2026-12-20T18:00:00+00:00",
    )
    assert [event.verb for event in Event.objects.all()] == ["round.made", "round.changed"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("name", "Autumn"),
        ("name", "Win\u202eter"),
        ("cohort", "999999"),
        ("opens_at", "yesterday"),
        ("closes_at", "2026-12-01T09:00"),
        ("places", "0"),
        ("places", "-1"),
        ("places", "99999999999"),
    ],
)
def test_a_wrong_round_is_said_beside_its_field(client, manager, cohort, form, field, value):
    make_round(cohort)
    client.force_login(manager)

    page = client.post(NEW, form | {field: value})

    assert page.status_code == 400
    assert list(page.context["form"].errors) == [field]
    assert Round.objects.count() == 1


def test_places_do_not_fall_below_those_taken(client, manager, cohort, form):
    round_ = make_round(cohort)
    decide(application=make_application(round_), verdict=Verdict.ACCEPT, by=manager)
    other = make_application(round_, email="x@example.org")
    decide(application=other, verdict=Verdict.ACCEPT, by=manager)
    client.force_login(manager)

    page = client.post(reverse("artists:round", args=[round_.pk]), form | {"places": "1"})

    assert "More places than that are taken already." in page.text
    round_.refresh_from_db()
    assert round_.places == 2


def test_the_list_reads_with_the_same_queries_however_long_it_is(
    client, manager, cohort, django_assert_num_queries
):
    client.force_login(manager)
    address = reverse("artists:rounds")
    now = timezone.now()

    def count(name: str) -> int:
        make_round(cohort, name=name, opens_at=now - timedelta(days=2))
        with django_assert_num_queries(6) as counted:
            client.get(address)
        return len(counted)

    assert count("One") == count("Two") == count("Three")
