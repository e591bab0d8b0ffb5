"""A whole generation on fal, by the background entry points, over real HTTP, with its callbacks."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from artists.models import Reservation
from generations import tasks
from generations.models import Attempt, Generation, Render, VideoModel
from generations.models.generation import Status
from generations.prompts.services import ask_to_stop
from tests.emulators.base import Canned
from tests.emulators.deliveries import Delivery
from tests.emulators.fal import KEY, Emulator, failure, refusal
from tests.emulators.served import served
from tests.generations.rendering.standing import end_of, poll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tasks_run_at_once")]

LATER = timedelta(hours=1)


@pytest.fixture
def emulator(clip: bytes) -> Emulator:
    """What it sends is kept, for `deliver`: a test has one connection to the database."""
    emulator = Emulator(clip=clip, cdn="")
    emulator.deliveries.post = lambda delivery: 202
    return emulator


@pytest.fixture(autouse=True)
def _provider(emulator: Emulator, video_model: VideoModel, settings: Any) -> Iterator[None]:
    """The video model is an app of a fal account."""
    app = "blackforestlabs/flux-3-max/text-to-video"
    VideoModel.objects.update(provider="fal", native_name=app, styles=[])
    video_model.refresh_from_db()
    with served(emulator, base="") as url:
        entry = {"api": "fal", "url": url, "key": KEY, "keys_url": f"{url}/.well-known/jwks.json"}
        settings.PROVIDERS = {"fal": entry}
        yield


def deliver(client: Client, delivery: Delivery) -> int:
    answer = client.post(
        urlsplit(delivery.url).path,
        data=delivery.body,
        content_type="application/json",
        headers=delivery.headers,
    )
    return answer.status_code


def test_a_prompt_goes_through_the_queue_to_a_video(
    generation: Generation, emulator: Emulator
) -> None:
    emulator.steps = [{}, {"status": "IN_PROGRESS"}, {"status": "COMPLETED"}]
    tasks.dispatch.delay()
    seen = []
    for _ in range(2):
        poll()
        seen.append(Attempt.objects.get().native_status)
    poll()

    assert seen == ["IN_QUEUE", "IN_PROGRESS"]
    assert end_of(generation) == (Status.READY, Reservation.State.SETTLED, 8)
    assert Render.objects.get().size_bytes == len(emulator.clip)
    assert (emulator.creates_sent, emulator.accepted) == (1, 1)
    (job,) = emulator.jobs.values()
    assert Attempt.objects.get().provider_job_id == f"{job['home']}/requests/{job['id']}"


@pytest.mark.parametrize(
    ("is_billed", "state", "spent"),
    [(True, Reservation.State.SETTLED, 8), (False, Reservation.State.REFUNDED, 0)],
)
def test_a_refusal_is_known_at_the_poll_that_finds_it_completed(
    generation: Generation, emulator: Emulator, is_billed: bool, state: str, spent: int
) -> None:
    """I4"""
    VideoModel.objects.update(bills_refusals=is_billed)
    tasks.dispatch.delay()
    emulator.finish_all(**refusal("content_policy_violation", loc=["body", "prompt"]))
    poll()

    assert end_of(generation) == (Status.REFUSED, state, spent)
    assert generation.failure_kind == "safety_input"


@pytest.mark.parametrize(
    ("ended", "kind"),
    [
        (failure("runner_disconnected"), "provider_error"),
        (failure("request_timeout", code=504), "timeout"),
        ({"result": {"seed": 7}}, "bad_output"),
        ({"result": {"video": {"url": "http://127.0.0.1:1/a.mp4"}}}, "bad_output"),
    ],
)
def test_a_request_that_went_wrong_is_refunded(
    generation: Generation, emulator: Emulator, ended: dict[str, Any], kind: str
) -> None:
    """I4"""
    tasks.dispatch.delay()
    emulator.finish_all(**ended)
    poll()

    assert end_of(generation) == (Status.FAILED, Reservation.State.REFUNDED, 0)
    assert generation.failure_kind == kind


@pytest.mark.parametrize("status", ["IN_QUEUE", "IN_PROGRESS"])
def test_a_clip_that_its_artist_stops_is_cancelled_with_its_refund(
    generation: Generation, emulator: Emulator, status: str
) -> None:
    """I4"""
    tasks.dispatch.delay()
    emulator.finish_all(status=status)
    ask_to_stop(generation)
    tasks.stop.delay(str(generation.pk))
    poll()

    assert end_of(generation) == (Status.CANCELLED, Reservation.State.REFUNDED, 0)


# --- Callbacks ----------------------------------------------------------------------------------


def test_a_callback_brings_a_video_that_is_not_due_yet(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    tasks.dispatch.delay()
    Generation.objects.update(next_poll_at=timezone.now() + LATER)
    emulator.finish_all()
    (delivery,) = emulator.deliveries.sent

    with_poll = deliver(client, delivery)
    tasks.poll.delay()

    assert with_poll == 204
    assert end_of(generation) == (Status.READY, Reservation.State.SETTLED, 8)


def test_a_create_whose_answer_was_lost_is_found_by_its_callback(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    """I5, I6: the request had ended and was told of before its create call was answered."""
    emulator.faults.load({"drop": ["create"], "callbacks": ["early"]})
    tasks.dispatch.delay()
    assert end_of(generation) == (Status.UNKNOWN, Reservation.State.HELD, 0)
    (delivery,) = emulator.deliveries.sent

    assert deliver(client, delivery) == 204
    assert deliver(client, delivery) == 204
    poll()

    assert end_of(generation) == (Status.READY, Reservation.State.SETTLED, 8)
    assert (emulator.creates_sent, emulator.accepted) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_callback_that_comes_before_the_answer_to_its_create_call_is_heard_once(
    make_generation: Callable[..., Generation], emulator: Emulator
) -> None:
    """I5: it is heard in another thread, while the create call is under way."""

    def post(delivery: Delivery) -> int:
        try:
            return deliver(Client(), delivery)
        finally:
            connection.close()

    emulator.deliveries.post = post
    emulator.faults.callbacks = ["early"]
    generation = make_generation()  # its commit dispatches it
    poll()

    assert emulator.deliveries.statuses == [204]
    assert end_of(generation) == (Status.READY, Reservation.State.SETTLED, 8)
    assert (emulator.creates_sent, emulator.accepted) == (1, 1)


@pytest.mark.parametrize("way", ["forged", "stale"])
def test_a_callback_that_is_not_believed_changes_nothing(
    generation: Generation, emulator: Emulator, client: Client, way: str
) -> None:
    emulator.faults.load({"drop": ["create"], "callbacks": ["early", way]})
    tasks.dispatch.delay()
    (delivery,) = emulator.deliveries.sent

    assert deliver(client, delivery) == 400
    poll()

    assert end_of(generation) == (Status.UNKNOWN, Reservation.State.HELD, 0)


def test_a_callback_at_an_address_that_we_did_not_give_out_is_not_heard(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    tasks.dispatch.delay()
    emulator.finish_all()
    (delivery,) = emulator.deliveries.sent
    elsewhere = Delivery(f"{delivery.url[:-1]}_", delivery.headers, delivery.body)

    assert deliver(client, elsewhere) == 404


@pytest.mark.parametrize("ways", [["duplicate"], ["late"], ["duplicate", "reordered"]])
def test_callbacks_that_come_twice_late_or_in_the_wrong_order_are_hints(
    generation: Generation, emulator: Emulator, client: Client, ways: list[str]
) -> None:
    emulator.faults.callbacks = ways
    tasks.dispatch.delay()
    emulator.finish_all()
    poll()
    emulator.deliveries.release()
    emulator.deliveries.replay()

    answers = [deliver(client, delivery) for delivery in emulator.deliveries.sent]
    poll()

    assert set(answers) == {204}
    assert len(answers) >= 2
    assert end_of(generation) == (Status.READY, Reservation.State.SETTLED, 8)


def test_a_callback_whose_keys_cannot_be_read_may_come_again(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    emulator.faults.canned["keys"] = Canned(502, text="<h1>Bad Gateway</h1>")
    tasks.dispatch.delay()
    emulator.finish_all()
    (delivery,) = emulator.deliveries.sent

    assert deliver(client, delivery) == 503
    poll()

    assert end_of(generation)[0] == Status.READY
