"""Callbacks of a /v1/videos server: what is believed, and what is not."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from generations.providers.base import Callback, ForgedCallback
from tests.emulators.openai_dialects import form_of
from tests.emulators.openai_videos import Emulator
from tests.emulators.webhooks import SECRET, STRANGERS, Delivery, signed
from tests.generations.providers.asking import request_for

URL = "http://127.0.0.1:8000/hooks/sketch/attempt/secret"


def event(**changes: Any) -> dict[str, Any]:
    facts = {"id": "evt_1", "object": "event", "type": "video.completed", "data": {"id": "video_1"}}
    return facts | changes


def read(delivery: Delivery, **headers: str) -> Callback:
    provider = Emulator().provider(webhook_secret=SECRET)
    return provider.read_callback(delivery.headers | headers, delivery.body, model="sketch-1")


@pytest.mark.parametrize("dialect", ["strict", "sglang", "vllm_omni", "litellm"])
@pytest.mark.parametrize("secret", ["", SECRET])
def test_a_create_names_the_address_to_call_where_a_secret_is_agreed(
    dialect: str, secret: str
) -> None:
    """It is an extension of ours, so no other server is sent it."""
    emulator = Emulator(dialect=dialect)
    provider = emulator.provider(webhook_secret=secret)

    provider.submit(request_for(callback_url=URL))

    (sent,) = emulator.requests
    fields = form_of(sent) if dialect == "vllm_omni" else json.loads(sent.content)
    is_told = dialect == "strict" and bool(secret)
    assert fields.get("callback_url") == (URL if is_told else None)
    assert provider.sends_callbacks == is_told


@pytest.mark.parametrize("kind", ["video.completed", "video.failed"])
def test_a_signed_callback_names_its_job(kind: str) -> None:
    assert read(signed(URL, event(type=kind))) == Callback("evt_1", "video_1")


@pytest.mark.parametrize("facts", [{"type": "video.deleted"}, {"data": None}, {"data": {"id": 7}}])
def test_a_signed_callback_about_something_else_names_no_job(facts: dict[str, Any]) -> None:
    assert read(signed(URL, event(**facts))) == Callback("evt_1", None)


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_five_minutes_either_way_are_tolerated(seconds: int) -> None:
    delivery = signed(URL, event())

    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
        assert read(delivery).job_id == "video_1"


@pytest.mark.parametrize("seconds", [-302, 302])
def test_a_signature_that_is_older_or_newer_is_not_believed(seconds: int) -> None:
    delivery = signed(URL, event())

    with (
        time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False),
        pytest.raises(ForgedCallback),
    ):
        read(delivery)


def test_one_of_several_signatures_is_enough() -> None:
    """A provider that changes its secret signs with both for a while."""
    delivery = signed(URL, event())
    both = f"{signed(URL, event(), secret=STRANGERS).headers['webhook-signature']} "

    assert read(
        delivery, **{"webhook-signature": both + delivery.headers["webhook-signature"]}
    ).job_id


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": "v1,odd,commas"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": ""},
        {"webhook-id": "evt_2"},
        {"webhook-id": ""},
    ],
)
def test_headers_that_do_not_fit_are_not_believed(headers: dict[str, str]) -> None:
    with pytest.raises(ForgedCallback):
        read(signed(URL, event()), **headers)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_callback_without_one_of_its_headers_is_not_believed(missing: str) -> None:
    delivery = signed(URL, event())
    del delivery.headers[missing]

    with pytest.raises(ForgedCallback):
        read(delivery)


def test_a_callback_signed_by_somebody_else_is_not_believed() -> None:
    with pytest.raises(ForgedCallback):
        read(signed(URL, event(), secret=STRANGERS))


@pytest.mark.parametrize("body", [b'{"data": {"id": "video_2"}}', b"", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_was_changed_is_not_believed(body: bytes) -> None:
    delivery = signed(URL, event())

    with pytest.raises(ForgedCallback):
        read(Delivery(URL, delivery.headers, body))


@pytest.mark.parametrize("name", ["x" * 201, "odd id"])
def test_a_signed_callback_whose_id_cannot_be_kept_is_not_taken(name: str) -> None:
    with pytest.raises(ForgedCallback):
        read(signed(URL, event(id=name)))


def test_an_account_without_a_secret_takes_no_callback() -> None:
    delivery = signed(URL, event())

    with pytest.raises(ForgedCallback):
        Emulator().provider().read_callback(delivery.headers, delivery.body, model="sketch-1")
