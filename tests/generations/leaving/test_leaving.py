"""An artist leaves by themselves, and may come back."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from artists.access.errors import LastManager
from artists.access.membership import MembershipEnded
from artists.access.services import create_token
from artists.models import Artist, Departure, Limit, Window
from generations.leaving.errors import LeftBefore, TooLateToUndo
from generations.leaving.services import come_back, leave
from generations.models import Attempt, Generation, Share, Submission, VideoModel
from generations.models.generation import Status
from generations.notices import tell
from generations.rendering import dispatching, sweeping
from portal.telling import telling
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission, MakeWork
from tests.second_factor import say_who

PAGE = reverse("generations:leave")
Shares = Departure.Shares
SAID = {"email": "ADA@example.org ", "shares": "withdrawn"}
PASSWORD = "correct horse"


@pytest.fixture
def browser(client: Client, artist: Artist) -> Client:
    """A browser in which Ada is signed in, and has just said once more that it is her."""
    client.force_login(artist)
    again = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert again.status_code == 302
    return client


def test_who_types_their_address_leaves(browser: Client, artist: Artist, settings: Settings):
    answer = browser.post(PAGE, SAID)

    assert answer["Location"] == reverse("generations:left")
    departure = Departure.objects.get()
    assert (departure.artist, departure.by, departure.kind) == (artist, artist, "left")
    assert departure.erase_at - departure.ends_at == timedelta(days=settings.ERASE_AFTER_DAYS)
    assert browser.get(reverse("home")).status_code == 302  # signed out
    assert browser.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("email", ["", "ada@example.com", "ben@example.org"])
def test_another_address_leaves_everything_as_it_is(browser: Client, email: str) -> None:
    answer = browser.post(PAGE, SAID | {"email": email})

    assert answer.status_code == 400
    assert answer.context["form"].errors["email"]
    assert not Departure.objects.exists()


def test_it_is_asked_first_whether_it_is_oneself(client: Client, artist: Artist) -> None:
    """A stolen session does not suffice; who proves it goes on with what they had filled in."""
    client.force_login(artist)
    assert client.get(PAGE).status_code == 200

    answer = client.post(PAGE, SAID)

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not Departure.objects.exists()
    answer = client.post(answer["Location"], {"password": PASSWORD, "next": PAGE})
    assert answer["Location"] == reverse("generations:left")
    assert Departure.objects.get().artist == artist
    assert client.get(reverse("home")).status_code == 302


def test_tokens_die_and_sessions_end_everywhere(artist: Artist, other_artist: Artist) -> None:
    """I8"""
    _, plaintext = create_token(artist, "laptop")
    program, phone, others = Client(), Client(), Client()
    phone.force_login(artist)
    others.force_login(other_artist)
    bearer = {"authorization": f"Bearer {plaintext}"}
    assert program.get("/v1/videos", headers=bearer).status_code == 200

    leave(artist, shares=Shares.WITHDRAWN)

    answer = program.get("/v1/videos", headers=bearer)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_revoked")
    assert phone.get(reverse("home")).status_code == 302
    assert others.get(reverse("home")).status_code == 200
    assert Session.objects.count() == 1


def test_who_has_left_makes_no_token_and_lets_no_program_in(client: Client, artist: Artist) -> None:
    leave(artist, shares=Shares.WITHDRAWN)
    client.force_login(artist)
    say_who(client, artist)

    page = client.get(reverse("artists:tokens"))
    made = client.post(
        reverse("artists:tokens"),
        {"name": "later", "expires_in_days": 30, "scopes": ["videos:read"]},
    )
    let_in = client.get(reverse("idp:oidc:device_authorization"))

    assert "no new token is made" in page.text
    assert "Make a token" not in page.text
    assert (made.status_code, let_in.status_code) == (403, 403)
    assert not artist.tokens.filter(revoked_at=None).exists()


def test_what_waits_is_cancelled_with_its_refund(
    artist: Artist, make_generation: Callable[..., Generation]
) -> None:
    """I4"""
    generation = make_generation()

    leave(artist, shares=Shares.WITHDRAWN)

    generation.refresh_from_db()
    assert generation.status == Status.CANCELLED
    window = Limit.objects.get(artist=artist).windows.get()
    assert (window.held, window.spent) == (0, 0)


def test_what_was_about_to_be_sent_is_not_sent_any_more(
    artist: Artist, make_generation: Callable[..., Generation], monkeypatch: pytest.MonkeyPatch
) -> None:
    """I8: its create call does not leave; the sweep refunds it."""
    generation = make_generation()
    (attempt_id,) = dispatching.start_next()

    leave(artist, shares=Shares.WITHDRAWN)

    assert not Attempt.objects.mark_sent(attempt_id)
    Generation.objects.update(lease_until=None)
    sweeping.recover_submissions()
    sweeping.cancel_stopped()
    generation.refresh_from_db()
    generation.reservation.refresh_from_db()
    assert (generation.status, generation.reservation.state) == (Status.CANCELLED, "refunded")


def test_what_renders_is_asked_to_stop_where_it_can_be(
    artist: Artist, make_generation: Callable[..., Generation], settings: Settings
) -> None:
    """What cannot be stopped ends as ever, and is the artist's alone."""
    settings.PROVIDERS = {
        **settings.PROVIDERS,
        "runway": settings.PROVIDERS["sketch"] | {"api": "runway", "key": "known to the test"},
    }
    stoppable, other = make_generation(), make_generation()
    Generation.objects.update(status=Status.RENDERING)
    model = VideoModel.objects.create(
        name="gen", title="Gen", provider="runway", native_name="gen", durations=[4]
    )
    Generation.objects.filter(pk=stoppable.pk).update(video_model=model)

    leave(artist, shares=Shares.WITHDRAWN)

    asked = Generation.objects.exclude(cancel_asked_at=None)
    assert list(asked) == [stoppable]
    assert Generation.objects.active().count() == 2
    assert other in Generation.objects.visible_to(artist)


def test_nothing_new_is_made_or_submitted_after_that(
    browser: Client,
    artist: Artist,
    make_generation: Callable[..., Generation],
    make_submission: MakeSubmission,
    make_work: MakeWork,
) -> None:
    work = make_work()
    leave(artist, shares=Shares.WITHDRAWN)

    with pytest.raises(MembershipEnded):
        make_generation()
    with pytest.raises(MembershipEnded):
        make_submission(work)
    browser.force_login(artist)
    page = browser.get(reverse("home"))
    assert "You left" in page.text
    assert browser.get(work.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("choice", "status", "credit"),
    [("named", 200, "Ada L."), ("unnamed", 200, "an artist"), ("withdrawn", 410, None)],
)
def test_public_pages_stay_or_go_as_the_artist_chooses(
    client: Client,
    artist: Artist,
    make_share: MakeShare,
    choice: str,
    status: int,
    credit: str | None,
) -> None:
    share = make_share()

    leave(artist, shares=Shares(choice))

    page = client.get(share.get_absolute_url())
    assert page.status_code == status
    if credit:
        assert f"by {credit}" in page.text
        assert credit == "Ada L." or "Ada L." not in page.text


def test_what_waits_for_a_decision_is_taken_back(artist: Artist, submission: Submission) -> None:
    leave(artist, shares=Shares.NAMED)

    submission.refresh_from_db()
    assert submission.status == Submission.Status.WITHDRAWN
    assert not Share.objects.exists()


def test_the_last_manager_stays_until_there_is_another(manager: Artist) -> None:
    with pytest.raises(LastManager):
        leave(manager, shares=Shares.WITHDRAWN)

    assert not Departure.objects.exists()


def test_roles_end(manager: Artist, make_artist: Callable[..., Artist]) -> None:
    make_artist("Nia", role="manager")

    leave(manager, shares=Shares.WITHDRAWN)

    manager = Artist.objects.get(pk=manager.pk)
    assert not manager.groups.exists()
    assert not manager.is_staff
    assert not manager.has_perm("artists.end_membership")


def test_who_comes_back_goes_on(
    client: Client, artist: Artist, make_generation: Callable[..., Generation]
) -> None:
    leave(artist, shares=Shares.WITHDRAWN)
    client.force_login(artist)
    assert "Come back" in client.get(PAGE).text

    answer = client.post(reverse("generations:come_back"))

    assert answer["Location"] == reverse("home")
    assert make_generation().status == Status.QUEUED
    assert "Leave the programme" in client.get(PAGE).text
    leave(artist, shares=Shares.WITHDRAWN)  # and may leave again
    assert Departure.objects.count() == 2


def test_nobody_is_offered_to_make_what_their_membership_does_not_allow(
    client: Client, artist: Artist, video_model: VideoModel
) -> None:
    client.force_login(artist)
    home, create = reverse("home"), reverse("generations:create")
    assert "Make a clip</a>" in client.get(home).text
    assert "Make it</button>" in client.get(create).text

    leave(artist, shares=Shares.WITHDRAWN)
    client.force_login(artist)

    assert "Make a clip</a>" not in client.get(home).text
    page = client.get(create).text
    assert "Make it</button>" not in page
    assert "Your membership has ended" in page


def test_who_comes_back_is_told_what_does_not(client: Client, artist: Artist) -> None:
    leave(artist, shares=Shares.WITHDRAWN)
    client.force_login(artist)

    page = client.post(reverse("generations:come_back"), follow=True).text

    assert "Tokens, roles and public pages that ended stay so." in page


def test_nobody_comes_back_once_their_time_is_over(client: Client, artist: Artist) -> None:
    departure = leave(artist, shares=Shares.WITHDRAWN)
    past = timezone.now() - timedelta(days=1)
    Departure.objects.update(ends_at=past, erase_at=past)

    with pytest.raises(TooLateToUndo):
        come_back(departure)
    client.force_login(artist)
    assert client.post(reverse("generations:come_back")).status_code == 409
    assert Departure.objects.in_force().exists()


def test_one_leaves_once(artist: Artist) -> None:
    leave(artist, shares=Shares.WITHDRAWN)

    with pytest.raises(LeftBefore):
        leave(artist, shares=Shares.WITHDRAWN)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "left", "by": "other"},
        {"kind": "ended", "by": "artist", "reason": "Rules"},
        {"kind": "ended", "by": "other", "reason": ""},
    ],
)
def test_the_database_refuses_a_departure_that_is_neither_ones_own_nor_explained(
    artist: Artist, other_artist: Artist, wrong: dict[str, str]
) -> None:
    by = artist if wrong["by"] == "artist" else other_artist
    now = timezone.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.create(artist=artist, ends_at=now, erase_at=now, **wrong | {"by": by})


def test_letters_say_that_one_has_left_and_is_back(artist: Artist, settings: Settings) -> None:
    departure = leave(artist, shares=Shares.WITHDRAWN)
    tell("departure", departure.pk)
    tell("departure", departure.pk)
    come_back(departure)
    tell("departure", departure.pk)

    gone, back = mail.outbox
    assert gone.to == back.to == [artist.email]
    assert "you have left" in gone.subject
    assert reverse("generations:take") in gone.body
    assert "welcome back" in back.subject


def test_who_comes_back_while_the_letter_is_written_has_another(artist: Artist) -> None:
    departure = leave(artist, shares=Shares.WITHDRAWN)
    with telling(Departure.objects.filter(pk=departure.pk)) as claimed:
        assert claimed.exists()
        come_back(departure)

    tell("departure", departure.pk)

    (letter,) = mail.outbox
    assert "welcome back" in letter.subject


@pytest.mark.django_db(transaction=True)
def test_a_prompt_and_a_leaving_at_once_leave_nothing_queued(
    artist: Artist, make_generation: Callable[..., Generation]
) -> None:
    """I8: whichever is first, nothing waits or is held afterwards."""
    together = threading.Barrier(4)

    def at_once(act: Callable[[], object]) -> None:
        try:
            together.wait()
            act()
        except MembershipEnded:
            pass
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [make_generation] * 3
    acts.append(lambda: leave(artist, shares=Shares.WITHDRAWN))
    threads = [threading.Thread(target=at_once, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Departure.objects.in_force().count() == 1
    assert not Generation.objects.active().exists()
    assert not Window.objects.exclude(held=0).exists()
