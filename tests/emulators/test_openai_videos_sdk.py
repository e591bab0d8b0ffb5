"""The emulator of /v1/videos is checked by the official SDK, over a real port."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import openai
import pytest
from openai.types import Video

from tests.emulators.openai_videos import KEY, Emulator
from tests.emulators.served import served
from tests.emulators.webhooks import SECRET, Delivery

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clip=b"0123456789")


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with served(emulator) as found:
        yield found


@contextmanager
def sdk(url: str, **changes: Any) -> Iterator[openai.OpenAI]:
    facts: dict[str, Any] = {"base_url": url, "api_key": KEY, "max_retries": 0}
    with openai.OpenAI(**facts | changes) as client:
        yield client


def switch(url: str, path: str, wanted: dict[str, Any], method: str = "PUT") -> None:
    answer = httpx.request(method, url.removesuffix("/v1") + path, json=wanted)
    answer.raise_for_status()


def test_the_sdk_creates_polls_lists_downloads_and_deletes(emulator: Emulator, url: str) -> None:
    switch(url, "/_faults", {"polls_to_finish": 2, "poll_after_ms": 5})
    with sdk(url) as client:
        plain = client.videos.create(prompt="A paper boat", model="sketch-1", seconds="8")
        pictured = client.videos.create(
            prompt="drift", input_reference=("a.png", b"\x89PNG"), extra_body={"seed": 7}
        )
        assert (plain.status, plain.progress, plain.seconds) == ("queued", 0, "8")

        done = client.videos.poll(plain.id)

        assert (done.status, done.progress, done.error) == ("completed", 100, None)
        assert [one.id for one in client.videos.list(limit=1)] == [pictured.id, plain.id]
        assert [one.id for one in client.videos.list(order="asc")] == [plain.id, pictured.id]
        assert client.videos.download_content(plain.id).read() == b"0123456789"
        assert client.videos.delete(plain.id).deleted
        with pytest.raises(openai.NotFoundError):
            client.videos.retrieve(plain.id)
        with pytest.raises(openai.ConflictError):
            client.videos.delete(pictured.id)


def test_a_video_has_all_keys_of_the_contract(emulator: Emulator, url: str) -> None:
    with sdk(url) as client:
        raw = client.videos.with_raw_response.create(prompt="A paper boat").http_response.json()

    assert set(raw) == set(Video.model_fields)


def test_a_job_is_driven_over_http(emulator: Emulator, url: str) -> None:
    with sdk(url) as client:
        job = client.videos.create(prompt="A paper boat")
        error = {"code": "moderation_blocked", "message": "no"}

        switch(url, f"/_jobs/{job.id}", {"status": "failed", "error": error})

        failed = client.videos.retrieve(job.id)
        assert failed.status == "failed"
        assert failed.error is not None
        assert failed.error.code == "moderation_blocked"


@pytest.mark.parametrize(
    ("canned", "raised"),
    [
        ({"status": 429, "headers": {"retry-after": "1"}}, openai.RateLimitError),
        ({"status": 502, "text": "<h1>Bad Gateway</h1>"}, openai.InternalServerError),
        ({"status": 400, "json": {"error": {"code": "x"}}}, openai.BadRequestError),
    ],
)
def test_a_canned_answer_is_what_the_sdk_sees(
    emulator: Emulator, url: str, canned: dict[str, Any], raised: type[openai.APIError]
) -> None:
    switch(url, "/_faults", {"canned": {"create": canned}})

    with sdk(url) as client, pytest.raises(raised):
        client.videos.create(prompt="A paper boat")

    assert emulator.accepted == 0


def test_the_sdk_repeats_a_create_whose_answer_was_lost(emulator: Emulator, url: str) -> None:
    """Why our client never does: the server took both."""
    switch(url, "/_faults", {"drop": ["create"]})

    with sdk(url, max_retries=1) as client, pytest.raises(openai.APIConnectionError):
        client.videos.create(prompt="A paper boat")

    assert (emulator.creates_sent, emulator.accepted) == (2, 2)


def test_the_key_is_asked_for(emulator: Emulator, url: str) -> None:
    with sdk(url, api_key="another") as client, pytest.raises(openai.AuthenticationError):
        client.videos.list()


@pytest.mark.parametrize(
    ("fault", "seen"),
    [("stall_progress", [25, 40, 40, 40]), ("progress_jumps_back", [12, 50, 37, 100])],
)
def test_progress_may_stall_or_jump_back(
    emulator: Emulator, url: str, fault: str, seen: list[int]
) -> None:
    switch(url, "/_faults", {"polls_to_finish": 4, fault: True})

    with sdk(url) as client:
        job = client.videos.create(prompt="A paper boat")
        progress = [client.videos.retrieve(job.id).progress for _ in seen]

    assert progress == seen


@pytest.mark.parametrize("fault", [{"truncate_content": True}, {"oversize_bytes": 3}])
def test_a_download_may_be_short_or_long(
    emulator: Emulator, url: str, fault: dict[str, Any]
) -> None:
    with sdk(url) as client:
        job = client.videos.create(prompt="A paper boat")
        switch(url, f"/_jobs/{job.id}", {"status": "completed"})
        switch(url, "/_faults", fault)

        if "oversize_bytes" in fault:
            assert len(client.videos.download_content(job.id).read()) == 13
        else:
            with pytest.raises(openai.APIConnectionError):
                client.videos.download_content(job.id).read()


@pytest.mark.parametrize("dialect", ["sglang", "vllm_omni", "litellm"])
def test_the_sdk_speaks_to_every_dialect(emulator: Emulator, url: str, dialect: str) -> None:
    """Without a file too, the SDK sends a form: vLLM-Omni takes nothing else."""
    switch(url, "/_dialect", {"name": dialect})
    with sdk(url) as client:
        job = client.videos.create(prompt="A paper boat", seconds="4", size="1280x720")
        switch(url, f"/_jobs/{job.id}", {"status": "completed"})

        assert client.videos.retrieve(job.id).status == "completed"
        assert [one.id for one in client.videos.list()] == [job.id]
        assert client.videos.download_content(job.id).read() == b"0123456789"


def test_what_each_dialect_refuses_has_its_own_shape(emulator: Emulator, url: str) -> None:
    shapes = {}
    for dialect in ("strict", "sglang", "vllm_omni", "litellm"):
        switch(url, "/_dialect", {"name": dialect})
        headers = {"authorization": f"Bearer {KEY}"}
        answer = httpx.post(f"{url}/videos", json={"seconds": "4"}, headers=headers)
        shapes[dialect] = answer.status_code, answer.json()

    assert shapes["strict"][1]["error"]["code"] == "missing_required_parameter"
    assert shapes["sglang"] == (400, {"detail": "Invalid request body: prompt"})
    assert shapes["vllm_omni"][0] == 422
    assert shapes["vllm_omni"][1]["detail"][0]["loc"] == ["body", "prompt"]
    assert shapes["litellm"][1]["error"]["code"] == "400"


class Portal:
    """Who is called back."""

    def __init__(self) -> None:
        self.heard: list[Delivery] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append(Delivery(str(request.url), headers, request.content))
        return httpx.Response(204)


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def hook(portal: Portal) -> Iterator[str]:
    with served(portal, base="/hooks/x") as found:
        yield found


def unwrap(client: openai.OpenAI, heard: Delivery) -> tuple[str, str]:
    event: Any = client.webhooks.unwrap(heard.body, heard.headers, secret=SECRET)
    return event.type, event.data.id


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_the_sdk_believes_a_callback(
    emulator: Emulator, url: str, portal: Portal, hook: str, status: str
) -> None:
    with sdk(url) as client:
        job = client.videos.create(prompt="A paper boat", extra_body={"callback_url": hook})
        assert portal.heard == []

        switch(url, f"/_jobs/{job.id}", {"status": status})

        (heard,) = portal.heard
        assert heard.url == hook
        assert unwrap(client, heard) == (f"video.{status}", job.id)


@pytest.mark.parametrize("way", ["forged", "stale"])
def test_the_sdk_does_not_believe_a_bad_one(
    emulator: Emulator, url: str, portal: Portal, hook: str, way: str
) -> None:
    switch(url, "/_faults", {"callbacks": [way]})
    with sdk(url) as client:
        job = client.videos.create(prompt="A paper boat", extra_body={"callback_url": hook})
        switch(url, f"/_jobs/{job.id}", {"status": "completed"})

        with pytest.raises(openai.InvalidWebhookSignatureError):
            unwrap(client, portal.heard[0])


def test_callbacks_come_twice_late_in_the_wrong_order_again_and_too_early(
    emulator: Emulator, url: str, portal: Portal, hook: str
) -> None:
    def made() -> str:
        extra = {"callback_url": hook}
        return client.videos.create(prompt="A paper boat", extra_body=extra).id

    def jobs_heard() -> list[str]:
        return [unwrap(client, heard)[1] for heard in portal.heard]

    with sdk(url) as client:
        switch(url, "/_faults", {"callbacks": ["early"]})
        early = made()
        assert jobs_heard() == [early]
        portal.heard.clear()

        switch(url, "/_faults", {"callbacks": ["duplicate", "reordered"]})
        first, second = made(), made()
        for job_id in (first, second):
            switch(url, f"/_jobs/{job_id}", {"status": "completed"})
        assert portal.heard == []
        switch(url, "/_callbacks", {}, method="POST")
        assert jobs_heard() == [second, second, first, first]

        once = list(portal.heard)
        switch(url, "/_callbacks", {"replay": True}, method="POST")
        assert [one.headers["webhook-id"] for one in portal.heard[-4:]] == [
            one.headers["webhook-id"] for one in once
        ]
