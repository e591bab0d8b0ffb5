"""Callbacks of a /v1/videos server at the portal's own address: they are hints, and no more."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from artists.models import Reservation
from artists.quotas.checking import check_ledger
from generations import tasks
from generations.models import Attempt, Callback, Generation
from generations.models.generation import Status
from generations.rendering.derived import callback_url
from tests.emulators.deliveries import Delivery
from tests.emulators.openai_videos import KEY, Emulator, small_clip
from tests.emulators.served import served
from tests.emulators.webhooks import SECRET, STRANGERS, signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tasks_run_at_once")]

LATER = timedelta(hours=1)
READY = (Status.READY, Reservation.State.SETTLED, 1)
RENDERING = (Status.RENDERING, Reservation.State.HELD, 1)
UNKNOWN = (Status.UNKNOWN, Reservation.State.HELD, 1)


@pytest.fixture(scope="module")
def clip() -> bytes:
    return small_clip(seconds=0.5, width=160, height=90)


@pytest.fixture
def emulator(clip: bytes) -> Emulator:
    """What it sends is kept, for `deliver`: a test has one connection to the database."""
    emulator = Emulator(clip=clip)
    emulator.webhooks.post = lambda delivery: 202
    return emulator


@pytest.fixture(autouse=True)
def _provider(emulator: Emulator, settings: Any) -> Iterator[None]:
    with served(emulator) as url:
        entry = {"api": "openai_videos", "url": url, "key": KEY, "webhook_secret": SECRET}
        settings.PROVIDERS = {"sketch": entry}
        yield


@pytest.fixture
def generation(make_generation: Callable[..., Generation]) -> Generation:
    return make_generation()


def send() -> None:
    """Send what is queued; its poll is due an hour from now."""
    tasks.dispatch.delay()
    Generation.objects.update(next_poll_at=timezone.now() + LATER)


def poll() -> None:
    Generation.objects.update(next_poll_at=timezone.now(), lease_until=None)
    tasks.poll.delay()


def deliver(client: Client, delivery: Delivery) -> int:
    answer = client.post(
        urlsplit(delivery.url).path,
        data=delivery.body,
        content_type="application/json",
        headers={k: v for k, v in delivery.headers.items() if k != "content-type"},
    )
    return answer.status_code


def stands(generation: Generation, emulator: Emulator) -> tuple[str, str, int]:
    """State, reservation, and creates that were sent for it."""
    generation.refresh_from_db()
    generation.reservation.refresh_from_db()
    assert list(check_ledger()) == []
    assert emulator.creates_sent == emulator.accepted
    return generation.status, generation.reservation.state, emulator.creates_sent


def test_a_callback_makes_a_job_due_that_was_not(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    send()
    tasks.poll.delay()
    emulator.finish_all()
    assert stands(generation, emulator) == RENDERING

    assert deliver(client, *emulator.webhooks.sent) == 204

    tasks.poll.delay()
    assert stands(generation, emulator) == READY


def test_a_callback_that_lies_is_a_hint_and_the_poll_has_the_last_word(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    """It says that the job has failed; the provider, asked, says that it goes on."""
    send()
    url = callback_url(Attempt.objects.get())
    (job_id,) = emulator.jobs
    event = {"id": "evt_1", "type": "video.failed", "data": {"id": job_id}}

    assert deliver(client, signed(url, event)) == 204

    tasks.poll.delay()
    assert stands(generation, emulator) == RENDERING


def test_a_create_whose_answer_was_lost_is_found_by_its_callback(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    """I5, I6"""
    emulator.faults.load({"drop": ["create"], "callbacks": ["early"]})
    send()
    assert stands(generation, emulator) == UNKNOWN
    emulator.finish_all()

    assert deliver(client, emulator.webhooks.sent[0]) == 204

    poll()
    assert stands(generation, emulator) == READY


@pytest.mark.django_db(transaction=True)
def test_a_callback_before_the_answer_to_its_create_call_is_heard_once(
    make_generation: Callable[..., Generation], emulator: Emulator
) -> None:
    """I5: it is heard in another thread, while the create call is under way."""

    def post(delivery: Delivery) -> int:
        try:
            return deliver(Client(), delivery)
        finally:
            connection.close()

    emulator.webhooks.post = post
    emulator.faults.callbacks = ["early"]
    generation = make_generation()  # its commit dispatches it
    emulator.finish_all()
    poll()

    assert emulator.webhooks.statuses[0] == 204
    assert stands(generation, emulator) == READY


@pytest.mark.parametrize(
    ("secret", "skew_seconds"), [(STRANGERS, 0), (SECRET, -301), (SECRET, 301)]
)
def test_one_that_is_forged_or_of_another_time_changes_nothing(
    generation: Generation,
    emulator: Emulator,
    client: Client,
    secret: str,
    skew_seconds: int,
) -> None:
    emulator.faults.drop = ["create"]
    send()
    (job_id,) = emulator.jobs
    event = {"id": "evt_1", "type": "video.completed", "data": {"id": job_id}}
    url = callback_url(Attempt.objects.get())

    forged = signed(url, event, secret=secret, skew_seconds=skew_seconds)

    assert deliver(client, forged) == 400
    assert stands(generation, emulator) == UNKNOWN
    assert not Callback.objects.exists()


@pytest.mark.parametrize("ways", [["duplicate"], ["late"], ["duplicate", "reordered"]])
def test_those_that_come_twice_late_or_in_the_wrong_order_change_nothing_more(
    make_generation: Callable[..., Generation],
    emulator: Emulator,
    client: Client,
    ways: list[str],
) -> None:
    made = [make_generation(f"Boat {number}") for number in range(2)]
    emulator.faults.callbacks = ways
    send()
    emulator.finish_all()
    poll()
    emulator.webhooks.release()
    emulator.webhooks.replay()

    answers = [deliver(client, delivery) for delivery in emulator.webhooks.sent]
    poll()

    assert set(answers) == {204}
    assert len(answers) >= 4
    assert Callback.objects.count() == 2
    for generation in made:
        assert stands(generation, emulator) == (Status.READY, Reservation.State.SETTLED, 2)


def test_one_that_is_replayed_makes_nothing_due_again(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    send()
    url = callback_url(Attempt.objects.get())
    (job_id,) = emulator.jobs
    delivery = signed(url, {"id": "evt_1", "type": "video.failed", "data": {"id": job_id}})
    deliver(client, delivery)
    later = timezone.now() + LATER
    Generation.objects.update(next_poll_at=later)

    assert deliver(client, delivery) == 204

    generation.refresh_from_db()
    assert generation.next_poll_at == later


def test_one_about_another_job_makes_nothing_due(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    send()
    url = callback_url(Attempt.objects.get())

    event = {"id": "evt_1", "type": "video.completed", "data": {"id": "video_of_others"}}

    assert deliver(client, signed(url, event)) == 204
    generation.refresh_from_db()
    assert generation.next_poll_at
    assert generation.next_poll_at > timezone.now() + LATER / 2
    assert Attempt.objects.get().provider_job_id in emulator.jobs


def test_an_address_that_we_did_not_give_out_does_not_exist(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    send()
    attempt = Attempt.objects.get()
    url = callback_url(attempt)
    event = {"id": "evt_1", "type": "video.completed", "data": {"id": attempt.provider_job_id}}
    others = [
        f"{url[:-1]}_",
        url.replace(str(attempt.pk), str(uuid4())),
        url.replace("/sketch/", "/elsewhere/"),
    ]

    assert [deliver(client, signed(one, event)) for one in others] == [404] * 3
    assert client.get(urlsplit(url).path).status_code == 405
    assert not Callback.objects.exists()


def test_one_that_is_too_large_is_not_read(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    send()
    event = {"id": "evt_1", "type": "video.completed", "data": {"id": "x" * 1_000_001}}

    answer = deliver(client, signed(callback_url(Attempt.objects.get()), event))

    assert answer == 413
    assert not Callback.objects.exists()
