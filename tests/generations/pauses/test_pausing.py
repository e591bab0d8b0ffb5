"""A pause holds from the next request on, for those whom it touches alone (I8)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from artists.access.errors import LiftedBefore, Paused, PausedBefore, TokenPaused
from artists.access.pausing import lift
from artists.access.services import create_token
from artists.models import Artist, Cohort, Pause, Token, Window
from artists.quotas.checking import check_ledger
from generations.models import Attempt, Generation, VideoModel
from generations.models.generation import Status
from generations.rendering.pausing import enact_pauses
from generations.rendering.sweeping import end_overdue, recover_submissions
from portal.audit import Event
from tests.generations.pauses.conftest import REASON, SCOPES, Worker, paused
from tests.generations.rendering.conftest import Emulator

Make = Callable[..., Generation]
ScopeOf = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize("scope", SCOPES)
def test_nothing_is_made_by_what_is_paused(
    make_generation: Make, scope_of: ScopeOf, token: Token, scope: str
) -> None:
    """I8"""
    stop = paused(**scope_of(scope))

    with pytest.raises(Paused) as refusal:
        make_generation(token=token)

    assert stop.scope == scope
    assert REASON in refusal.value.message
    assert refusal.value.resets_at == stop.expected_end
    assert (refusal.type is TokenPaused) == (scope == "token")
    assert not Generation.objects.exists()
    assert sum(window.held for window in Window.objects.all()) == 0


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_lifted_goes_on_at_once(
    make_generation: Make, scope_of: ScopeOf, token: Token, scope: str, manager: Artist
) -> None:
    stop = paused(**scope_of(scope))

    lift(stop, by=manager)

    assert make_generation(token=token).status == Status.QUEUED


@pytest.mark.parametrize("scope", ["cohort", "artist", "token", "video_model"])
def test_a_pause_changes_nothing_for_others(
    make_generation: Make,
    other_artist: Artist,
    video_model: VideoModel,
    worker: Worker,
    scope: str,
) -> None:
    """I8: of another cohort, artist, token or video model."""
    theirs, _ = create_token(other_artist, "theirs")
    elsewhere = Cohort.objects.create(name="Autumn")
    others: dict[str, dict[str, Any]] = {
        "cohort": {"cohort": elsewhere},
        "artist": {"artist": other_artist},
        "token": {"token": theirs},
        "video_model": {"video_model_id": video_model.pk + 1},
    }
    paused(**others[scope], cancels_queued=True, stops_running=True, allows_looking=True)

    generation = make_generation()
    enact_pauses()
    worker.dispatch_and_submit()

    generation.refresh_from_db()
    assert generation.status == Status.RENDERING


@pytest.mark.parametrize("scope", SCOPES)
def test_no_create_call_leaves_after_a_pause(
    make_generation: Make,
    scope_of: ScopeOf,
    token: Token,
    worker: Worker,
    emulator: Emulator,
    scope: str,
) -> None:
    """I8: one was dispatched before and not sent; one is queued and not even dispatched."""
    first = make_generation(token=token)
    attempts = worker.dispatch()
    second = make_generation(token=token)

    stop = paused(**scope_of(scope))
    for attempt_id in attempts:
        worker.submit(attempt_id)
    assert worker.dispatch() == []

    assert emulator.accepted == 0
    assert Attempt.objects.get().state == Attempt.State.PREPARED
    worker.die()
    recover_submissions()
    for generation in (first, second):
        generation.refresh_from_db()
        assert generation.status == Status.QUEUED
    lift(stop, by=None)
    worker.dispatch_and_submit()
    assert emulator.accepted == 2


def test_what_waits_is_called_back_and_refunded_where_the_pause_says_so(
    make_generation: Make, artist: Artist, other_artist: Artist
) -> None:
    """I4"""
    mine, theirs = make_generation(), make_generation(by=other_artist)

    stop = paused(artist=artist, cancels_queued=True)
    enact_pauses()
    enact_pauses()

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.status, mine.pause) == (Status.CANCELLED, stop)
    assert mine.moves.latest("pk").note == f"Stopped by a pause: {REASON}"
    assert (theirs.status, theirs.pause) == (Status.QUEUED, None)
    assert Window.objects.get(limit__artist=artist).held == 0
    assert list(check_ledger()) == []


def test_a_pause_that_was_lifted_calls_nothing_back(make_generation: Make, artist: Artist) -> None:
    stop = paused(artist=artist, cancels_queued=True, stops_running=True)
    lift(stop, by=None)
    generation = make_generation()

    enact_pauses()

    generation.refresh_from_db()
    assert generation.status == Status.QUEUED


@pytest.mark.parametrize("scope", SCOPES)
def test_what_renders_is_stopped_where_the_pause_says_so(
    make_generation: Make,
    scope_of: ScopeOf,
    token: Token,
    worker: Worker,
    settings: Any,
    scope: str,
) -> None:
    generation = make_generation(token=token)
    worker.dispatch_and_submit()
    runway = {"api": "runway", "url": "https://runway.test", "key": "known to nobody"}
    settings.PROVIDERS = settings.PROVIDERS | {"runway": runway}  # it can stop what it has begun
    VideoModel.objects.update(provider="runway")

    paused(**scope_of(scope), stops_running=True)
    enact_pauses()

    generation.refresh_from_db()
    assert generation.cancel_asked_at is not None
    assert generation.pause is not None


def test_what_renders_goes_on_unless_the_pause_says_otherwise(
    make_generation: Make, worker: Worker
) -> None:
    generation = make_generation()
    worker.dispatch_and_submit()

    paused(cancels_queued=True)
    enact_pauses()
    worker.render_and_finish()

    generation.refresh_from_db()
    assert (generation.status, generation.cancel_asked_at) == (Status.READY, None)


def test_the_time_of_a_pause_does_not_count_for_the_deadline_of_the_queue(
    make_generation: Make, settings: Any, artist: Artist
) -> None:
    """I6: what waited for a pause has its whole time again once it is lifted."""
    generation = make_generation()
    long_ago = timezone.now() - timedelta(seconds=settings.QUEUE_DEADLINE_SECONDS + 60)
    Generation.objects.update(created_at=long_ago)
    stop = paused(artist=artist)

    end_overdue()
    lift(stop, by=None)
    end_overdue()
    generation.refresh_from_db()
    assert generation.status == Status.QUEUED

    Pause.objects.update(lifted_at=long_ago)
    end_overdue()
    generation.refresh_from_db()
    assert generation.status == Status.FAILED


def test_what_is_paused_takes_nobodys_place_in_the_line(
    make_generation: Make, artist: Artist, other_artist: Artist, worker: Worker
) -> None:
    for _ in range(3):
        make_generation()
    theirs = make_generation(by=other_artist)
    paused(artist=artist)

    worker.dispatch_and_submit()

    theirs.refresh_from_db()
    assert theirs.status == Status.RENDERING


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_is_paused_once_at_a_time(scope_of: ScopeOf, scope: str) -> None:
    stop = paused(**scope_of(scope))

    with pytest.raises(PausedBefore):
        paused(**scope_of(scope))
    lift(stop, by=None)
    with pytest.raises(LiftedBefore):
        lift(stop, by=None)
    paused(**scope_of(scope))

    assert Pause.objects.in_force().count() == 1


def test_the_database_knows_what_a_pause_is(artist: Artist, cohort: Cohort) -> None:
    facts = {"reason": REASON, "expected_end": timezone.now()}
    wrong: list[dict[str, Any]] = [
        {"artist": artist, "cohort": cohort},
        {"reason": ""},
        {"video_model_id": 1, "allows_looking": False},
        {"lifted_by": artist},
    ]
    for one in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Pause.objects.create(**facts | one)


def test_who_paused_and_who_lifted_stands_in_the_trail(artist: Artist, manager: Artist) -> None:
    """I10"""
    stop = paused(by=manager, artist=artist, cancels_queued=True)
    lift(stop, by=manager)

    made, lifted = Event.objects.filter(subject_type="artists.pause").order_by("sequence")
    assert (made.verb, made.actor_id, made.subject_id) == ("pause.made", manager.pk, str(stop.pk))
    assert (made.facts["scope"], made.facts["key"]) == ("artist", artist.pk)
    assert (made.facts["cancels_queued"], made.facts["stops_running"]) == (True, False)
    assert (lifted.verb, lifted.actor_id) == ("pause.lifted", manager.pk)
    assert REASON not in str(made.facts)
    stop.refresh_from_db()
    assert (stop.made_by, stop.lifted_by) == (manager, manager)
