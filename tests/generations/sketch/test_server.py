"""The sketch server as a provider: the official SDK drives it, and it survives being killed."""

import io

import av
import openai
import psutil
import pytest
from openai.types import Video
from PIL import Image

from generations.sketch.render import MEMORY_BYTES

from .conftest import KEY, until

VIDEO_KEYS = set(Video.model_fields)
pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


@pytest.fixture
def sdk(sketch_server):
    with openai.OpenAI(base_url=f"{sketch_server.url}/v1", api_key=KEY, max_retries=0) as client:
        yield client


def test_the_official_sdk_creates_polls_lists_downloads_and_deletes(sketch_server, sdk):
    picture = io.BytesIO()
    Image.effect_mandelbrot((320, 200), (-2, -1.2, 1, 1.2), 60).convert("RGB").save(picture, "PNG")
    extras = {"style": "ink", "seed": 7, "unknown": "ignored"}

    plain = sdk.videos.create(
        prompt="a lake 🌊 <b>at dawn</b> مرحبا", seconds="4", extra_body=extras
    )
    assert (plain.status, plain.progress, plain.seconds) == ("queued", 0, "4")
    pictured = sdk.videos.create(
        prompt="drift", seconds="4", size="1280x720", input_reference=("a.png", picture.getvalue())
    )
    done = [sdk.videos.poll(video.id) for video in (plain, pictured)]

    for video in done:
        assert (video.status, video.progress, video.error) == ("completed", 100, None)
        assert video.completed_at is not None
        assert video.expires_at == video.completed_at + 24 * 60 * 60
    content = sdk.videos.download_content(pictured.id).read()
    with av.open(io.BytesIO(content)) as clip:
        assert (clip.streams.video[0].width, clip.streams.video[0].height) == (1280, 720)
    thumbnail = sdk.videos.download_content(plain.id, variant="thumbnail").read()
    assert Image.open(io.BytesIO(thumbnail)).format == "WEBP"
    assert [video.id for video in sdk.videos.list(limit=1)] == [pictured.id, plain.id]
    assert [video.id for video in sdk.videos.list(order="asc")] == [plain.id, pictured.id]
    raw = sketch_server.video(plain.id)
    assert set(raw) == VIDEO_KEYS
    assert sdk.videos.delete(plain.id).deleted
    with pytest.raises(openai.NotFoundError):
        sdk.videos.download_content(plain.id)
    assert not (sketch_server.home / plain.id).exists()


def test_two_render_at_a_time_and_progress_is_true(sketch_server):
    videos = [sketch_server.create(seed=seed, size="1280x720") for seed in range(3)]
    refused = sketch_server.http.delete(f"/videos/{videos[2]['id']}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "video_not_finished")
    seen: dict[str, list[int]] = {video["id"]: [] for video in videos}
    running: set[int] = set()

    def all_done() -> bool:
        listed = sketch_server.http.get("/videos").json()["data"]
        running.add(sum(video["status"] == "in_progress" for video in listed))
        assert len(sketch_server.children()) <= 2
        for video in listed:
            seen[video["id"]].append(video["progress"])
        return all(video["status"] == "completed" for video in listed)

    until(all_done)

    assert max(running) == 2
    for progress in seen.values():
        assert progress == sorted(progress)
        assert progress[-1] == 100
    assert max(len(set(progress)) for progress in seen.values()) > 3  # of one not done at once


def test_a_killed_server_leaves_nothing_running_and_ends_its_jobs_after_a_restart(sketch_server):
    """I6: nothing accepted is lost, whatever is killed."""
    videos = [sketch_server.create(seed=seed) for seed in (1, 2, 3)]
    drafts = [sketch_server.home / video["id"] / "clip.part.mp4" for video in videos]
    until(lambda: any(draft.exists() for draft in drafts))

    sketch_server.kill()
    sketch_server.start()

    ended = [sketch_server.finished(video["id"]) for video in videos]
    assert [video["status"] for video in ended] == ["completed"] * 3
    assert not any(draft.exists() for draft in drafts)
    assert [video["created_at"] for video in ended] == [video["created_at"] for video in videos]


def test_a_crashed_render_fails_its_job_and_no_other(sketch_server):
    crashed, spared = sketch_server.create(seed=1), sketch_server.create(seed=2)
    until(lambda: sketch_server.video(crashed["id"])["progress"] > 0)

    for child in sketch_server.children():
        if crashed["id"] in " ".join(child.cmdline()):
            child.kill()

    failed = sketch_server.finished(crashed["id"])
    assert (failed["status"], failed["error"]["code"]) == ("failed", "render_failed")
    assert "signal 9" in failed["error"]["message"]
    assert sketch_server.http.get(f"/videos/{crashed['id']}/content").status_code == 404
    assert sketch_server.finished(spared["id"])["status"] == "completed"
    assert sketch_server.http.delete(f"/videos/{crashed['id']}").status_code == 200


def test_a_render_is_bound_in_its_memory(sketch_server):
    sketch_server.create()
    until(lambda: any(limit_of(child) == MEMORY_BYTES for child in sketch_server.children()))


def limit_of(process: psutil.Process) -> int:
    """Bytes of addresses that it may have."""
    return process.rlimit(psutil.RLIMIT_AS)[0]


def test_no_credential_reaches_a_render(sketch_server):
    """I2: the key stays in the server."""
    sketch_server.create()
    until(lambda: bool(sketch_server.children()))

    for process in sketch_server.children():
        assert not [name for name in process.environ() if name.startswith("GREENROOM_")]
        assert KEY not in " ".join(process.cmdline())
