"""A manager says what became of a create call whose answer was lost (I5, I9)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from artists.models import Artist, Reservation
from artists.quotas.checking import check_ledger
from generations.models import Attempt, Generation
from generations.models.generation import Status
from generations.outcomes import asking
from generations.rendering import sweeping
from generations.rendering.submitting import accept
from portal.audit import Event
from tests.emulators.openai_videos import KEY, Emulator
from tests.emulators.served import served
from tests.generations.rendering.conftest import Worker, clip, emulator, generation, worker
from tests.generations.rendering.standing import status

__all__ = ["clip", "emulator", "generation", "worker"]

pytestmark = pytest.mark.django_db

SEEN = {"reason": "Seen in the provider's console."}


@pytest.fixture
def attempt(generation: Generation, worker: Worker, emulator: Emulator) -> Attempt:
    """An attempt that the provider took, and whose answer was dropped."""
    emulator.faults.drop = ["create"]
    worker.dispatch_and_submit()
    emulator.faults.drop = []
    Attempt.objects.update(sent_at=timezone.now() - timedelta(minutes=10))
    return Attempt.objects.get(generation=generation)


@pytest.fixture(autouse=True)
def _asked(emulator: Emulator, settings: Settings) -> Iterator[None]:
    """The provider is where the pages ask it, too."""
    with served(emulator) as url:
        settings.PROVIDERS = {"sketch": {"api": "openai_videos", "url": url, "key": KEY}}
        yield


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    client.force_login(manager)
    return client


def say(browser: Client, what: str, attempt: Attempt, **form: str) -> int:
    return browser.post(reverse(f"generations:outcome_{what}", args=[attempt.pk]), form).status_code


def test_the_list_shows_it_with_its_deadline_and_the_page_what_is_known(
    browser: Client, attempt: Attempt, worker: Worker, emulator: Emulator
) -> None:
    emulator.jobs.clear()
    worker.sweep()

    assert "A paper boat" in browser.get(reverse("generations:outcomes")).content.decode()
    page = browser.get(reverse("generations:outcome", args=[attempt.pk])).content.decode()
    assert "shows no job like it" in page
    assert str(attempt.pk) in page


def test_it_ran_goes_on_with_the_job_and_sends_nothing(
    browser: Client, attempt: Attempt, generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I5"""
    assert say(browser, "ran", attempt, job_id="video_1", **SEEN) == 302

    assert status(generation) == Status.RENDERING
    worker.render_and_finish()
    assert (status(generation), emulator.creates_sent) == (Status.READY, 1)


def test_it_never_ran_queues_it_again_with_its_hold(
    browser: Client, attempt: Attempt, generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    emulator.jobs.clear()

    assert say(browser, "never_ran", attempt, **SEEN) == 302

    assert status(generation) == Status.QUEUED
    assert generation.reservation.state == Reservation.State.HELD
    worker.dispatch_and_submit()
    worker.render_and_finish()
    assert status(generation) == Status.READY


def test_it_never_ran_is_believed_only_when_no_worker_can_send_it_any_more(
    browser: Client, attempt: Attempt, generation: Generation
) -> None:
    """I5: a worker that hangs between its note and its call may go on."""
    Attempt.objects.update(sent_at=timezone.now() - timedelta(seconds=30))

    assert say(browser, "never_ran", attempt, **SEEN) == 409

    assert status(generation) == Status.UNKNOWN


def test_it_ran_and_is_lost_gives_the_credits_back(
    browser: Client, attempt: Attempt, generation: Generation
) -> None:
    """I4"""
    assert say(browser, "lost", attempt, **SEEN) == 302

    assert status(generation) == Status.FAILED
    assert generation.reservation.state == Reservation.State.REFUNDED
    assert list(check_ledger()) == []


@pytest.mark.parametrize("what", ["ran", "never_ran", "lost"])
def test_what_is_settled_meanwhile_is_left_as_it_is(
    browser: Client, attempt: Attempt, generation: Generation, what: str
) -> None:
    """I5: a callback came first."""
    accept(attempt, job_id="video_1")

    assert say(browser, what, attempt, job_id="video_7", **SEEN) == 409

    assert status(generation) == Status.RENDERING
    assert Attempt.objects.get().provider_job_id == "video_1"
    assert not Event.objects.filter(verb__startswith="attempt.").exists()


def test_a_job_that_is_anothers_is_refused_at_its_field(
    browser: Client,
    attempt: Attempt,
    generation: Generation,
    make_generation: Callable[..., Generation],
    worker: Worker,
) -> None:
    make_generation("Another prompt")
    worker.dispatch_and_submit()
    taken = Attempt.objects.get(state=Attempt.State.ACCEPTED).provider_job_id

    assert say(browser, "ran", attempt, job_id=taken, **SEEN) == 400

    assert status(generation) == Status.UNKNOWN


@pytest.mark.parametrize("job_id", ["video_2", "video_1x", "Video_1"])
def test_a_job_that_the_provider_does_not_know_moves_nothing(
    browser: Client, attempt: Attempt, generation: Generation, job_id: str
) -> None:
    """I6: a slip of the pen ends no generation."""
    answer = browser.post(
        reverse("generations:outcome_ran", args=[attempt.pk]), {"job_id": job_id} | SEEN
    )

    assert answer.status_code == 400
    assert "knows no job with this id" in answer.content.decode()
    assert status(generation) == Status.UNKNOWN
    attempt.refresh_from_db()
    assert (attempt.state, attempt.provider_job_id) == (Attempt.State.SENT, "")
    assert not Event.objects.filter(verb="attempt.ran").exists()


def test_a_job_that_the_provider_cannot_be_asked_about_waits(
    browser: Client,
    attempt: Attempt,
    generation: Generation,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither an error of its own nor silence is a word about the job; a page waits for neither."""
    emulator.faults.load({"canned": {"poll": {"status": 500, "times": 1}}})
    assert say(browser, "ran", attempt, job_id="video_1", **SEEN) == 400
    monkeypatch.setattr(asking, "ASK_SECONDS", 0.2)
    emulator.faults.delay_seconds = 2.0
    assert say(browser, "ran", attempt, job_id="video_1", **SEEN) == 400

    assert status(generation) == Status.UNKNOWN


def test_a_job_of_a_provider_that_is_gone_is_not_believed(
    browser: Client, attempt: Attempt, generation: Generation, settings: Settings
) -> None:
    settings.PROVIDERS = {}

    answer = browser.post(
        reverse("generations:outcome_ran", args=[attempt.pk]), {"job_id": "video_1"} | SEEN
    )

    assert "not set up any more" in answer.content.decode()
    assert status(generation) == Status.UNKNOWN


@pytest.mark.parametrize(
    ("api", "job_id", "words"),
    [
        ("fal", "0a1b2c3d-0000", "owner/app/requests/ID"),
        ("fal", "fal-ai/veo3/requests/../1", "owner/app/requests/ID"),
        ("runway", "video_1", "the UUID of a task"),
        ("openai_videos", "two words", "the id of a video"),
    ],
)
def test_what_cannot_be_a_job_of_its_provider_is_refused_unasked(
    browser: Client,
    attempt: Attempt,
    generation: Generation,
    emulator: Emulator,
    settings: Settings,
    api: str,
    job_id: str,
    words: str,
) -> None:
    settings.PROVIDERS = {"sketch": settings.PROVIDERS["sketch"] | {"api": api}}
    asked = len(emulator.requests)

    answer = browser.post(
        reverse("generations:outcome_ran", args=[attempt.pk]), {"job_id": job_id} | SEEN
    )

    assert answer.status_code == 400
    assert f"This cannot be a job of sketch. Give {words}." in answer.content.decode()
    assert status(generation) == Status.UNKNOWN
    assert len(emulator.requests) == asked


@pytest.mark.django_db(transaction=True)
def test_the_provider_is_asked_in_no_transaction(
    browser: Client, attempt: Attempt, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is locked for as long as a provider takes would hold up callbacks."""
    of_the_page, answer, held = connections["default"], emulator._poll, []

    def look_and_answer(job: Any) -> httpx.Response:
        held.append(of_the_page.in_atomic_block)
        return answer(job)

    monkeypatch.setattr(emulator, "_poll", look_and_answer)

    assert say(browser, "ran", attempt, job_id="video_1", **SEEN) == 302
    assert held == [False]


@pytest.mark.parametrize("what", ["ran", "never_ran", "lost"])
def test_a_word_without_a_reason_changes_nothing(
    browser: Client, attempt: Attempt, generation: Generation, what: str
) -> None:
    assert say(browser, what, attempt, job_id="video_1") == 400

    assert status(generation) == Status.UNKNOWN


def test_the_trail_says_who_said_what_and_why(
    browser: Client, attempt: Attempt, manager: Artist
) -> None:
    """I9, I10"""
    say(browser, "never_ran", attempt, **SEEN)

    event = Event.objects.get(verb="attempt.never_ran")
    assert (event.actor_id, event.facts["reason"]) == (manager.pk, SEEN["reason"])


def test_an_empty_list_says_that_nothing_is_missing(browser: Client) -> None:
    assert "No answer is missing" in browser.get(reverse("generations:outcomes")).content.decode()


def test_what_nobody_heard_of_until_its_deadline_is_listed_after_it(
    browser: Client, attempt: Attempt, generation: Generation
) -> None:
    Generation.objects.filter(pk=generation.pk).update(tries=3, moved_at="2020-01-01T00:00Z")
    sweeping.end_overdue()

    page = browser.get(reverse("generations:outcomes")).content.decode()
    assert "Ended at their deadline" in page
    assert "A paper boat" in page
