"""A share ends by its artist's withdrawal or by a manager's take-down."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations.models import Ground, Share
from generations.sharing.errors import AlreadyEnded, NotOwnShare, OwnShare, TakeDownNeedsGround
from generations.sharing.services import take_down, withdraw
from portal.audit import Event
from tests.generations.sharing.fixtures import MakeShare, MakeWork

REASON = "The face is a real person's."


def test_an_artist_withdraws_a_share(client: Client, artist: Artist, share: Share) -> None:
    client.force_login(artist)

    answer = client.post(reverse("generations:withdraw", args=[share.slug]))

    share.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (
        302,
        share.submission.generation.get_absolute_url(),
    )
    assert share.status == Share.Status.WITHDRAWN
    assert share.ended_at is not None


def test_a_share_is_withdrawn_once(artist: Artist, share: Share) -> None:
    withdraw(share, artist=artist)
    share.refresh_from_db()
    ended_at = share.ended_at

    with pytest.raises(AlreadyEnded):
        withdraw(share, artist=artist)
    share.refresh_from_db()
    assert share.ended_at == ended_at


def test_only_its_artist_withdraws_a_share(
    client: Client, reviewer: Artist, other_artist: Artist, share: Share
) -> None:
    """I7: for all others the address does not exist."""
    for person in (reviewer, other_artist):
        client.force_login(person)
        assert client.post(reverse("generations:withdraw", args=[share.slug])).status_code == 404
        with pytest.raises(NotOwnShare):
            withdraw(share, artist=person)
    share.refresh_from_db()
    assert share.status == Share.Status.LIVE


@pytest.mark.usefixtures("tasks_run_at_once")
def test_a_manager_takes_a_share_down_and_its_artist_reads_why(
    client: Client,
    manager: Artist,
    ground: Ground,
    share: Share,
    django_capture_on_commit_callbacks,
) -> None:
    client.force_login(manager)
    address = reverse("generations:take_down", args=[share.slug])
    assert client.get(address).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, {"ground": ground.pk, "reason": REASON})

    share.refresh_from_db()
    assert answer.status_code == 302
    assert (share.status, share.ground, share.reason) == ("taken_down", ground, REASON)
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert REASON in letter.body
    assert ground.title in letter.body


def test_a_take_down_stands_in_the_audit_trail(
    manager: Artist, ground: Ground, share: Share
) -> None:
    """I10: who took down what, on which ground."""
    take_down(share, manager=manager, ground=ground, reason=REASON)

    event = Event.objects.get(verb="share.taken_down")
    assert (event.actor_id, event.subject_id) == (manager.pk, str(share.pk))
    assert event.facts == {"ground": "rights", "ground_version": 1}


def test_a_take_down_needs_a_ground_and_a_reason(
    manager: Artist, ground: Ground, share: Share
) -> None:
    """I9: the service refuses one without."""
    with pytest.raises(TakeDownNeedsGround):
        take_down(share, manager=manager, ground=None, reason=REASON)
    with pytest.raises(TakeDownNeedsGround):
        take_down(share, manager=manager, ground=ground, reason=" \n")
    share.refresh_from_db()
    assert share.is_live


def test_the_page_of_a_take_down_asks_for_both(
    client: Client, manager: Artist, ground: Ground, share: Share
) -> None:
    client.force_login(manager)
    address = reverse("generations:take_down", args=[share.slug])

    answer = client.post(address, {"ground": ground.pk, "reason": ""})

    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {"reason"}
    share.refresh_from_db()
    assert share.is_live


@pytest.mark.parametrize("missing", ["taken_down_by", "ground", "reason"])
def test_the_database_too_refuses_a_take_down_without_person_ground_or_reason(
    missing: str, manager: Artist, ground: Ground, share: Share
) -> None:
    """I9: tried past the services."""
    facts = {"taken_down_by": manager, "ground": ground, "reason": REASON}
    facts[missing] = "" if missing == "reason" else None

    with pytest.raises(IntegrityError), transaction.atomic():
        Share.objects.filter(pk=share.pk).update(
            status=Share.Status.TAKEN_DOWN, ended_at=timezone.now(), **facts
        )


def test_a_manager_withdraws_their_own_share_and_does_not_take_it_down(
    client: Client, manager: Artist, ground: Ground, make_work: MakeWork, make_share: MakeShare
) -> None:
    share = make_share(make_work(manager))
    client.force_login(manager)

    with pytest.raises(OwnShare):
        take_down(share, manager=manager, ground=ground, reason=REASON)
    assert client.get(reverse("generations:take_down", args=[share.slug])).status_code == 404


def test_only_managers_take_down(
    client: Client, artist: Artist, reviewer: Artist, ground: Ground, share: Share
) -> None:
    """I7: for all others the address does not exist."""
    address = reverse("generations:take_down", args=[share.slug])
    told = {"ground": ground.pk, "reason": REASON}
    assert client.post(address, told).status_code == 302  # to the sign-in page

    for person in (artist, reviewer):
        client.force_login(person)
        assert client.post(address, told).status_code == 404
    share.refresh_from_db()
    assert share.is_live
