"""fal's own SDK against the emulator: what it is held to, before our client is."""

from collections.abc import Iterator
from typing import Any

import fal_client.client
import httpx
import pytest
from fal_client import Completed, InProgress, Queued, SyncClient
from fal_client.client import FalClientHTTPError

from generations.providers.fal_apps import job_id
from tests.emulators.fal import APP, KEY, Emulator, failure, refusal
from tests.emulators.served import served

PROMPT = {"prompt": "A paper boat", "duration": 6}


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clip=b"0123456789", cdn="")


@pytest.fixture
def address(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with served(emulator, base="") as url:
        monkeypatch.setattr(fal_client.client, "QUEUE_URL_FORMAT", f"{url}/")
        yield url


@pytest.fixture
def fal(address: str) -> SyncClient:
    return SyncClient(key=KEY)


def change(address: str, path: str, **facts: Any) -> None:
    assert httpx.put(f"{address}{path}", json=facts).status_code == 204


def test_the_sdk_follows_a_request_to_its_result(fal: SyncClient, address: str) -> None:
    steps: list[dict[str, Any]] = [{}, {"status": "IN_PROGRESS"}, {"status": "COMPLETED"}]
    change(address, "/_script", steps=steps)

    handle = fal.submit(APP, PROMPT, webhook_url=f"{address}/_callbacks")
    queued, running, done = [handle.status(with_logs=True) for _ in steps]

    assert queued == Queued(position=2)
    assert isinstance(running, InProgress)
    assert running.logs
    assert isinstance(done, Completed)
    assert (done.error, done.error_type, done.metrics) == (None, None, {"inference_time": 4.2})
    assert httpx.get(handle.get()["video"]["url"]).content == b"0123456789"


@pytest.mark.parametrize(
    "app", [APP, "fal-ai/veo3.1", "a/b/c/d", "workflows/me/boats", "comfy/me/boats/x"]
)
def test_the_sdk_drops_the_path_of_an_app_as_we_do(
    fal: SyncClient, address: str, emulator: Emulator, app: str
) -> None:
    handle = fal.submit(app, PROMPT)

    ours = job_id(app, handle.request_id)
    assert fal.get_handle(app, handle.request_id) == handle
    assert handle.response_url == f"{address}/{ours}"
    assert (handle.status_url, handle.cancel_url) == (
        f"{address}/{ours}/status",
        f"{address}/{ours}/cancel",
    )
    assert emulator.requests[0].url.path == f"/{app}"
    assert isinstance(fal.status(app, handle.request_id), Queued)


def test_the_sdk_follows_the_addresses_of_the_answer(
    fal: SyncClient, emulator: Emulator, address: str
) -> None:
    """What our client must not do: the SDK takes its key wherever an answer says."""
    change(address, "/_faults", foreign="http://127.0.0.1:9")

    handle = fal.submit(APP, PROMPT)

    assert handle.status_url.startswith("http://127.0.0.1:9/")


def test_the_sdk_reads_a_failure_of_the_queue(fal: SyncClient, address: str) -> None:
    handle = fal.submit(APP, PROMPT)
    change(address, f"/_jobs/{handle.request_id}", **failure("runner_disconnected", code=503))

    status = handle.status()

    assert isinstance(status, Completed)
    assert (status.error, status.error_type) == ("It went wrong", "runner_disconnected")
    with pytest.raises(FalClientHTTPError) as error:
        handle.get()
    assert (error.value.status_code, error.value.error_type) == (503, "runner_disconnected")


def test_the_sdk_reads_a_refusal_in_the_result_of_a_completed_request(
    fal: SyncClient, address: str
) -> None:
    handle = fal.submit(APP, PROMPT)
    refused = refusal("content_policy_violation", loc=["body", "prompt"])
    change(address, f"/_jobs/{handle.request_id}", status="COMPLETED", **refused)

    status = handle.status()

    assert isinstance(status, Completed)
    assert (status.error, status.error_type) == (None, None)
    with pytest.raises(FalClientHTTPError) as error:
        handle.get()
    assert error.value.status_code == 422
    assert refused["result"]["detail"] == error.value.response.json()["detail"]


def test_the_sdk_is_told_that_a_result_is_not_there_yet(fal: SyncClient, address: str) -> None:
    handle = fal.submit(APP, PROMPT)

    with pytest.raises(FalClientHTTPError) as error:
        fal.result(APP, "00000000-0000-0000-0000-000000000000")
    assert error.value.status_code == 404
    answer = httpx.get(handle.response_url, headers={"authorization": f"Key {KEY}"})
    assert (answer.status_code, answer.json()) == (400, {"detail": "Request is still in progress"})


def test_addresses_run_out_keys_rotate_and_callbacks_wait_over_http(
    fal: SyncClient, address: str, emulator: Emulator
) -> None:
    emulator.deliveries.post = lambda delivery: 204
    change(address, "/_faults", callbacks=["late"])
    handle = fal.submit(APP, PROMPT, webhook_url="https://portal.test/")
    change(address, f"/_jobs/{handle.request_id}", status="COMPLETED")
    old = handle.get()["video"]["url"]
    change(address, "/_expire")
    assert (httpx.get(old).status_code, emulator.deliveries.sent) == (403, [])
    assert httpx.get(handle.get()["video"]["url"]).status_code == 200

    change(address, "/_callbacks")
    change(address, "/_callbacks", replay=True)
    first, again = emulator.deliveries.sent
    assert first is again

    before, after = [_keys(address, turn) for turn in range(2)]
    assert len(before & after) == 1


def _keys(address: str, turns: int) -> set[str]:
    for _ in range(turns):
        change(address, "/_rotate")
    published = httpx.get(f"{address}/.well-known/jwks.json").json()
    return {key["x"] for key in published["keys"]}


@pytest.mark.parametrize("status", ["IN_QUEUE", "IN_PROGRESS"])
def test_the_sdk_cancels_a_request_that_has_not_ended(
    fal: SyncClient, address: str, status: str
) -> None:
    handle = fal.submit(APP, PROMPT)
    change(address, f"/_jobs/{handle.request_id}", status=status)

    handle.cancel()

    ended = handle.status()
    assert isinstance(ended, Completed)
    assert ended.error_type == "client_cancelled"
    with pytest.raises(FalClientHTTPError, match="ALREADY_COMPLETED"):
        handle.cancel()
    assert httpx.get(f"{address}/_counts").json()["accepted"] == 1


def test_the_queue_takes_what_the_app_does_not(fal: SyncClient, address: str) -> None:
    handle = fal.submit(APP, {"duration": 6})
    change(address, f"/_jobs/{handle.request_id}", status="COMPLETED")

    with pytest.raises(FalClientHTTPError, match="missing"):
        handle.get()


def test_a_key_that_is_not_known_is_refused(address: str) -> None:
    with pytest.raises(FalClientHTTPError) as error:
        SyncClient(key="somebody:else").submit(APP, PROMPT)
    assert error.value.status_code == 401


def test_the_sdk_sends_a_create_again_that_was_accepted(
    fal: SyncClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why our client is not the SDK (I5)."""
    monkeypatch.setattr(fal_client.client, "MAX_ATTEMPTS", 2)
    change(address, "/_faults", drop=["create"])

    with pytest.raises(httpx.TransportError):
        fal.submit(APP, PROMPT)

    counts = httpx.get(f"{address}/_counts").json()
    assert (counts["sent"], counts["accepted"]) == (2, 2)
