"""The official client library, unchanged, against a running portal over real HTTP."""

import hashlib
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import openai
import pytest
from pytest_django.live_server_helper import LiveServer

from artists.access.services import create_token
from artists.models import Artist, Limit, Token
from generations.models import Generation, VideoModel
from generations.models.generation import Status
from portal.throttling import WriteThrottle
from tests.generations.api.conftest import FILES, picture
from tests.generations.rendering.conftest import Worker, clip, emulator, worker

__all__ = ["clip", "emulator", "worker"]  # the fixtures of the rendering room

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning"),
]


@pytest.fixture
def client(
    live_server: LiveServer, artist: Artist, video_model: VideoModel
) -> Iterator[openai.OpenAI]:
    """The library with its strictest reading of an answer."""
    _, plaintext = create_token(artist, "openai")
    with openai.OpenAI(
        api_key=plaintext,
        base_url=f"{live_server.url}/v1",
        _strict_response_validation=True,
    ) as client:
        yield client


def test_a_video_is_created_watched_listed_downloaded_and_deleted(
    client: openai.OpenAI, worker: Worker, tmp_path: Path
) -> None:
    """The workers' own services render it, on the emulator of a provider."""
    video = client.videos.create(
        prompt="A paper boat",
        model="sketch-1",
        size="1280x720",
        seconds="4",
    )
    assert (video.status, video.seconds, video.progress) == ("queued", "4", 0)

    worker.dispatch_and_submit()
    assert client.videos.retrieve(video.id).status == "in_progress"
    worker.render_and_finish()

    done = client.videos.poll(video.id)
    assert (done.status, done.progress, done.error) == ("completed", 100, None)
    assert done.completed_at is not None
    assert done.created_at <= done.completed_at
    assert [one.id for one in client.videos.list()] == [video.id]
    path = tmp_path / "boat.mp4"
    client.videos.download_content(video.id).write_to_file(path)
    assert path.read_bytes()[4:8] == b"ftyp"
    thumbnail = client.videos.download_content(video.id, variant="thumbnail").read()
    assert (thumbnail[:4], thumbnail[8:12]) == (b"RIFF", b"WEBP")
    assert client.videos.download_content(video.id, variant="spritesheet").read()[:4] == b"RIFF"
    assert client.videos.delete(video.id).deleted is True
    with pytest.raises(openai.NotFoundError):
        client.videos.retrieve(video.id)


def test_a_first_image_is_uploaded_and_further_parameters_arrive(client: openai.OpenAI) -> None:
    client.videos.create(
        prompt="A paper boat",
        input_reference=("boat.png", io.BytesIO(picture()), "image/png"),
        extra_body={"style": "ink", "seed": 7, "metadata": {"scene": "1"}},
    )

    generation = Generation.objects.get()
    assert (generation.style, generation.seed) == ("ink", 7)
    assert generation.first_image
    assert generation.first_image.size > 0


def test_create_and_poll_waits_as_long_as_it_is_told_to(
    client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def finish_meanwhile(self: object, seconds: float) -> None:
        waits.append(seconds)
        Generation.objects.update(status=Status.FAILED, failure_message="It broke.")

    monkeypatch.setattr(type(client.videos), "_sleep", finish_meanwhile)

    video = client.videos.create_and_poll(prompt="A boat")

    assert waits == [1.0]
    assert video.status == "failed"
    assert video.error
    assert (video.error.code, video.error.message) == ("provider_error", "It broke.")


def test_a_loop_over_the_list_ends_and_finds_each_video_once(
    client: openai.OpenAI, make_video: Callable[..., Generation]
) -> None:
    made = [f"video_{make_video().pk.hex}" for _ in range(7)]

    assert [video.id for video in client.videos.list(limit=3)] == made[::-1]
    assert [video.id for video in client.videos.list(limit=3, order="asc")] == made


def test_every_state_is_read_strictly(
    client: openai.OpenAI, make_video: Callable[..., Generation]
) -> None:
    for status in Status:
        make_video(status, parent=make_video(Status.FAILED))

    videos = list(client.videos.list(limit=100))

    assert len(videos) == 2 * len(Status)
    assert {video.status for video in videos} == {"queued", "in_progress", "completed", "failed"}


def test_a_key_that_is_sent_again_gives_the_same_video(client: openai.OpenAI) -> None:
    headers = {"Idempotency-Key": "one"}
    first = client.videos.create(prompt="A boat", extra_headers=headers)
    second = client.videos.create(prompt="A boat", extra_headers=headers)

    assert first == second
    assert Generation.objects.count() == 1


def test_each_refusal_is_the_exception_that_programs_catch(
    client: openai.OpenAI, artist: Artist, make_video: Callable[..., Generation]
) -> None:
    def refused(kind: type[openai.APIStatusError], call: Callable[[], object]) -> str | None:
        with pytest.raises(kind) as caught:
            call()
        assert caught.type is kind
        assert (caught.value.request_id or "").startswith("req_")
        return caught.value.code

    running = f"video_{make_video(Status.RENDERING).pk.hex}"
    videos = client.videos
    key = {"Idempotency-Key": "one"}
    videos.create(prompt="A boat", extra_headers=key)

    assert refused(openai.NotFoundError, lambda: videos.retrieve("video_1")) == "video_not_found"
    assert (
        refused(openai.NotFoundError, lambda: videos.download_content(running)) == "video_not_ready"
    )
    assert refused(openai.BadRequestError, lambda: videos.create(prompt=" ")) == "required"
    assert refused(openai.ConflictError, lambda: videos.delete(running)) == "still_running"
    assert (
        refused(
            openai.UnprocessableEntityError,
            lambda: videos.create(prompt="A plane", extra_headers=key),
        )
        == "idempotency_key_reused"
    )
    Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=0)
    assert refused(openai.RateLimitError, lambda: videos.create(prompt="A")) == "quota_exceeded"
    Token.objects.all().delete()
    assert refused(openai.AuthenticationError, videos.list) == "invalid_api_key"


def test_a_refusal_names_its_field(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.videos.create(prompt="A boat", seconds="12")

    assert (caught.value.param, caught.value.code) == ("seconds", "not_offered")


def test_a_quota_refusal_is_asked_for_once(client: openai.OpenAI, artist: Artist) -> None:
    """The library retries a 429 twice unless it is told not to."""
    Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=0)
    sent: list[object] = []
    client._client.event_hooks["request"] = [sent.append]

    with pytest.raises(openai.RateLimitError):
        client.videos.create(prompt="A boat")

    assert len(sent) == 1


def test_a_download_has_the_bytes_of_the_share_master(
    client: openai.OpenAI, make_video: Callable[..., Generation]
) -> None:
    generation = make_video(Status.READY)
    assert {rendition.kind for rendition in generation.renditions.all()} == set(FILES)

    content = client.videos.download_content(f"video_{generation.pk.hex}").read()

    assert hashlib.sha256(content).hexdigest() == generation.signed_copies.get().sha256


def test_a_finished_video_is_remixed(
    client: openai.OpenAI, make_video: Callable[..., Generation]
) -> None:
    parent = f"video_{make_video(Status.READY).pk.hex}"

    video = client.videos.remix(parent, prompt="A paper plane")

    assert (video.status, video.prompt) == ("queued", "A paper plane")
    assert video.remixed_from_video_id == parent
    assert client.videos.retrieve(video.id).remixed_from_video_id == parent


def test_a_remix_of_what_is_not_finished_is_asked_for_once(
    client: openai.OpenAI, make_video: Callable[..., Generation]
) -> None:
    """The library retries a 409 twice unless it is told not to."""
    running = f"video_{make_video(Status.RENDERING).pk.hex}"
    sent: list[object] = []
    client._client.event_hooks["request"] = [sent.append]

    with pytest.raises(openai.ConflictError) as caught:
        client.videos.remix(running, prompt="A paper plane")

    assert caught.value.code == "video_not_finished"
    assert len(sent) == 1


def test_what_a_portal_cannot_do_is_said_plainly(client: openai.OpenAI) -> None:
    clip = ("clip.mp4", io.BytesIO(b"a clip"), "video/mp4")
    calls: list[Callable[[], object]] = [
        lambda: client.videos.edit(prompt="Faster", video=clip),
        lambda: client.videos.extend(prompt="On", seconds="4", video=clip),
        lambda: client.videos.create_character(name="Ada", video=clip),
        lambda: client.videos.get_character("char_1"),
    ]
    for call in calls:
        with pytest.raises(openai.NotFoundError) as caught:
            call()

        assert caught.value.code == "not_supported"
        assert "here" in caught.value.message


def test_the_models_are_listed_with_what_they_cost(client: openai.OpenAI) -> None:
    (model,) = client.models.list()

    assert (model.id, model.object, model.owned_by) == ("sketch-1", "model", "Greenroom")
    assert model.shutdown_date is None
    facts = client.models.retrieve("sketch-1").to_dict()
    assert facts["credits_per_second"] == {"1920x1080": 4, "1280x720": 2}
    assert facts["seconds"] == ["4", "5", "8", "10"]
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("sketch-9")


def test_haste_is_waited_out_by_the_library_itself(
    client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WriteThrottle, "THROTTLE_RATES", {"api_writes": "1/sec"})
    answer = client.videos.with_raw_response.create(prompt="A boat")
    assert answer.headers["x-ratelimit-remaining-requests"] == "0"

    client.videos.create(prompt="A second boat")
    client.videos.create(prompt="A third boat")

    assert Generation.objects.count() == 3


def test_a_full_queue_is_waited_out_by_the_library_itself(
    client: openai.OpenAI, artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.videos.create(prompt="A boat")
    assert artist.cohort
    artist.cohort.queued_cap = 1
    artist.cohort.save()
    waits: list[float] = []

    def start_meanwhile(seconds: float) -> None:
        waits.append(seconds)
        Generation.objects.update(status=Status.SUBMITTING)

    monkeypatch.setattr(time, "sleep", start_meanwhile)

    assert client.videos.create(prompt="A second boat").status == "queued"
    assert waits == [5.0]


def test_the_wait_is_in_the_headers(
    client: openai.OpenAI, make_video: Callable[..., Generation]
) -> None:
    answer = client.videos.with_raw_response.retrieve(f"video_{make_video().pk.hex}")

    assert answer.parse().status == "queued"
    assert int(answer.headers["openai-poll-after-ms"]) >= 1000
