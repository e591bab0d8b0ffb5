"""A manager ends a membership with notice: said, mailed, in the trail, and work can be taken."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import Settings

from artists.access.errors import LastManager
from artists.access.membership import MembershipEnded
from artists.models import Artist, Departure
from artists.roles.services import MANAGER, set_roles
from generations.leaving.errors import EndedBefore
from generations.leaving.services import end_membership, leave, withdraw_ending
from generations.models import Generation
from generations.models.generation import Status
from generations.notices import tell
from generations.rendering import sweeping
from portal.audit import Event
from portal.audit_check import verify
from portal.clock import midnight, programme_day

REASON = "The residency is over <for now>."


@pytest.fixture
def page(artist: Artist) -> str:
    return reverse("generations:membership", args=[artist.pk])


@pytest.fixture
def ended(artist: Artist, manager: Artist) -> Departure:
    """Ada's membership, ended from today on."""
    return end_membership(artist, by=manager, ends_on=timezone.localdate(), reason=REASON)


def test_a_manager_ends_a_membership_on_a_day(
    client: Client, manager: Artist, artist: Artist, page: str, settings: Settings
) -> None:
    client.force_login(manager)
    assert "End the membership" in client.get(page).text
    day = timezone.localdate() + timedelta(days=20)

    answer = client.post(page, {"ends_on": day.isoformat(), "reason": REASON})

    assert answer["Location"] == page
    departure = Departure.objects.get()
    assert (departure.artist, departure.by) == (artist, manager)
    assert timezone.localdate(departure.ends_at) == day
    assert timezone.localtime(departure.ends_at).hour == 0
    assert departure.erase_at - departure.ends_at == timedelta(days=settings.TAKE_DAYS)
    assert "Restore the membership" in client.get(page).text


def test_the_day_begins_by_the_programmes_time_wherever_the_manager_is(
    client: Client, manager: Artist, page: str
) -> None:
    Artist.objects.filter(pk=manager.pk).update(time_zone="Pacific/Kiritimati")
    client.force_login(manager)
    day = programme_day() + timedelta(days=20)

    client.post(page, {"ends_on": day.isoformat(), "reason": REASON})

    assert Departure.objects.get().ends_at == midnight(day)


@pytest.mark.parametrize(
    "wrong", [{"ends_on": "2020-01-01"}, {"ends_on": "soon"}, {"reason": ""}, {"reason": "a\x00b"}]
)
def test_a_day_that_has_passed_or_no_reason_ends_nothing(
    client: Client, manager: Artist, page: str, wrong: dict[str, str]
) -> None:
    client.force_login(manager)
    said = {"ends_on": timezone.localdate().isoformat(), "reason": REASON} | wrong

    answer = client.post(page, said)

    assert answer.status_code == 400
    assert not Departure.objects.exists()


def test_it_stands_in_the_audit_trail_without_a_word_of_the_reason(
    artist: Artist, manager: Artist, ended: Departure
) -> None:
    """I10"""
    withdraw_ending(ended, by=manager)

    begun, restored = Event.objects.order_by("sequence")
    assert (begun.verb, restored.verb) == ("membership.ended", "membership.restored")
    for event in (begun, restored):
        assert (event.actor_id, event.subject_id) == (manager.pk, str(artist.pk))
        assert event.subject_type == "artists.artist"
        assert "residency" not in str(event.facts)
    assert verify().is_whole


def test_before_that_day_everything_goes_on(
    artist: Artist, manager: Artist, make_generation: Callable[..., Generation]
) -> None:
    day = timezone.localdate() + timedelta(days=3)
    end_membership(artist, by=manager, ends_on=day, reason=REASON)

    assert make_generation().status == Status.QUEUED
    sweeping.cancel_stopped()
    assert Generation.objects.active().count() == 1


def test_from_that_day_nothing_new_is_made_and_what_waits_is_refunded(
    client: Client,
    artist: Artist,
    manager: Artist,
    make_generation: Callable[..., Generation],
) -> None:
    generation = make_generation()
    end_membership(artist, by=manager, ends_on=timezone.localdate(), reason=REASON)

    with pytest.raises(MembershipEnded):
        make_generation()
    sweeping.cancel_stopped()

    generation.refresh_from_db()
    generation.reservation.refresh_from_db()
    assert (generation.status, generation.reservation.state) == (Status.CANCELLED, "refunded")


def test_the_artist_reads_day_and_reason_and_can_still_look_and_take(
    client: Client, artist: Artist, work: Generation, ended: Departure
) -> None:
    client.force_login(artist)

    for address in (reverse("home"), reverse("generations:take"), reverse("generations:leave")):
        page = client.get(address).text
        assert "Your membership ended on" in page
        assert "The residency is over &lt;for now&gt;." in page
    assert client.get(work.get_absolute_url()).status_code == 200
    assert client.post(reverse("generations:take")).status_code == 302
    assert client.post(reverse("generations:come_back")).status_code == 404  # not theirs to undo


def test_the_letter_has_the_day_and_the_reason(artist: Artist, ended: Departure) -> None:
    tell("departure", ended.pk)

    (letter,) = mail.outbox
    assert letter.to == [artist.email]
    assert REASON in letter.body
    assert date_format(timezone.localtime(ended.ends_at), "j F Y, H:i T") in letter.body
    assert date_format(timezone.localtime(ended.erase_at), "j F Y, H:i T") in letter.body


def test_far_from_the_programme_the_hour_is_said_beside_the_day(
    client: Client, artist: Artist, manager: Artist
) -> None:
    Artist.objects.filter(pk=artist.pk).update(time_zone="America/New_York")
    ended = end_membership(
        artist, by=manager, ends_on=timezone.localdate() + timedelta(days=3), reason=REASON
    )
    there = timezone.localtime(ended.ends_at, ZoneInfo("America/New_York"))
    client.force_login(artist)

    tell("departure", ended.pk)

    assert date_format(there, "j M Y, H:i T") in client.get(reverse("home")).text
    assert f"ends on {date_format(there, 'j F Y, H:i T')}." in mail.outbox[0].body


def test_a_restored_membership_goes_on(
    client: Client,
    manager: Artist,
    artist: Artist,
    ended: Departure,
    make_generation: Callable[..., Generation],
) -> None:
    client.force_login(manager)

    answer = client.post(reverse("generations:withdraw_ending", args=[artist.pk]))

    assert answer.status_code == 302
    assert make_generation().status == Status.QUEUED
    tell("departure", ended.pk)
    assert "goes on" in mail.outbox[0].subject


def test_a_membership_ends_once_and_the_artist_may_still_leave_before(
    artist: Artist, manager: Artist, ended: Departure
) -> None:
    with pytest.raises(EndedBefore):
        end_membership(artist, by=manager, ends_on=timezone.localdate(), reason=REASON)

    own = leave(artist, shares=Departure.Shares.NAMED)

    assert Departure.objects.of(artist) == own  # whose time is over first
    assert Departure.objects.standing().count() == 2


def test_nobody_but_a_manager_ends_a_membership_and_not_their_own(
    client: Client, artist: Artist, reviewer: Artist, manager: Artist, page: str
) -> None:
    """I7"""
    said = {"ends_on": timezone.localdate().isoformat(), "reason": REASON}
    for person in (artist, reviewer):
        client.force_login(person)
        assert client.post(page, said).status_code == 404
    client.force_login(manager)
    own = reverse("generations:membership", args=[manager.pk])
    assert client.post(own, said).status_code == 404
    superuser = Artist.objects.create_superuser("root@example.org", "x", credit_name="Root")
    theirs = reverse("generations:membership", args=[superuser.pk])
    assert client.post(theirs, said).status_code == 404
    assert not Departure.objects.exists()


@pytest.mark.parametrize("is_superuser", [False, True])
def test_a_role_ends_with_the_membership_and_comes_back_with_it(
    client: Client, manager: Artist, make_artist: Callable[..., Artist], is_superuser: bool
) -> None:
    """I8: from the day on, in the sessions that are open too."""
    other = make_artist("Maja", role=MANAGER)
    set_roles(other, [MANAGER], by=None)
    Artist.objects.filter(pk=other.pk).update(is_superuser=is_superuser)
    client.force_login(other)
    pages = [reverse("artists:roles"), reverse("generations:queue"), reverse("admin:index")]
    day = timezone.localdate() + timedelta(days=3)

    def answers() -> list[int]:
        return [client.get(page).status_code for page in pages]

    departure = end_membership(other, by=manager, ends_on=day, reason=REASON)
    assert answers() == [200, 200, 200]
    Departure.objects.update(ends_at=timezone.now())
    assert answers()[:2] == [404, 404]
    assert answers()[2] in (302, 403, 404)
    assert client.get(reverse("generations:take")).status_code == 200
    withdraw_ending(departure, by=manager)
    assert answers() == [200, 200, 200]


def test_a_manager_whose_membership_has_ended_is_not_the_one_who_is_left(
    manager: Artist, make_artist: Callable[..., Artist]
) -> None:
    other = make_artist("Maja", role=MANAGER)
    end_membership(other, by=manager, ends_on=timezone.localdate(), reason=REASON)

    with pytest.raises(LastManager):
        leave(manager, shares=Departure.Shares.WITHDRAWN)
