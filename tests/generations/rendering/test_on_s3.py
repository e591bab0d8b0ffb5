"""A generation whose files lie in a bucket, and what becomes of it while that does not answer."""

import hashlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from artists.models import Artist, Reservation
from artists.quotas.checking import check_ledger
from generations.media import tidying
from generations.models import Attempt, Generation, Render, Rendition
from generations.models.generation import Status
from generations.prompts.services import remove
from portal.errors import FilesAway
from tests.emulators.openai_videos import Emulator
from tests.generations.rendering.conftest import Worker
from tests.services.s3 import Files

pytestmark = pytest.mark.django_db


def picture() -> ContentFile:
    content = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(content, "PNG")
    return ContentFile(content.getvalue(), name="0123456789abcdef.png")


@pytest.fixture(autouse=True)
def scratch(settings: Any, tmp_path: Path) -> Path:
    """A scratch folder that no other test uses."""
    settings.SCRATCH = tmp_path / "scratch"
    settings.SCRATCH.mkdir()
    return tmp_path / "scratch"


def state(generation: Generation) -> tuple[str, str]:
    generation.refresh_from_db()
    generation.reservation.refresh_from_db()
    return generation.status, generation.reservation.state


@pytest.fixture
def with_image(files: Files, make_generation: Callable[..., Generation]) -> Generation:
    return make_generation(first_image=picture())


@pytest.fixture
def made(files: Files, generation: Generation, worker: Worker) -> Generation:
    worker.dispatch_and_submit()
    worker.render_and_finish()
    generation.refresh_from_db()
    return generation


def test_a_clip_with_a_first_image_is_made_of_a_bucket_alone(
    files: Files,
    scratch: Path,
    with_image: Generation,
    worker: Worker,
    emulator: Emulator,
    clip: bytes,
) -> None:
    worker.dispatch_and_submit()
    worker.render_and_finish()

    assert state(with_image) == (Status.READY, Reservation.State.SETTLED)
    render = Render.objects.get(generation=with_image)
    kept = {str(one.file.name) for one in with_image.renditions.all()}
    assert files.names() == kept | {str(render.file.name), "first_images/0123456789abcdef.png"}
    assert files.client.get_object(**files.place(str(render.file.name)))["Body"].read() == clip
    assert picture().read() in emulator.requests[0].content
    assert list(scratch.iterdir()) == []
    assert list(check_ledger()) == []


def test_its_artist_gets_it_in_ranges_and_nobody_else(
    made: Generation, artist: Artist, other_artist: Artist, client: Client
) -> None:
    """I7"""
    master = made.renditions.get(kind=Rendition.Kind.MASTER)
    with master.file.open() as stored:
        content = stored.read()
    client.force_login(artist)

    whole = client.get(made.video_url)
    part = client.get(made.video_url, headers={"Range": "bytes=100-199"})
    last = client.get(made.video_url, headers={"Range": "bytes=-5"})
    known = client.get(made.video_url, headers={"If-None-Match": f'"{master.sha256}"'})

    assert (whole.getvalue(), whole["ETag"]) == (content, f'"{master.sha256}"')
    assert (part.status_code, part.getvalue()) == (206, content[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert last.getvalue() == content[-5:]
    assert (known.status_code, known.content) == (304, b"")
    client.force_login(other_artist)
    assert client.get(made.video_url).status_code == 404


def test_a_bucket_that_is_away_is_said_on_the_page_and_hurts_no_other_page(
    files: Files, made: Generation, artist: Artist, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(artist)

    with files.away():
        answer = client.get(made.video_url)
        library = client.get(reverse("generations:library"))

    assert (answer.status_code, library.status_code) == (503, 200)
    assert "The files cannot be reached at the moment." in answer.content.decode()
    assert "cannot be read: EndpointConnectionError" in caplog.text
    assert client.get(made.video_url).status_code == 200


def test_a_file_that_is_gone_from_the_bucket_is_not_found(
    files: Files, made: Generation, artist: Artist, client: Client
) -> None:
    client.force_login(artist)
    files.client.delete_object(**files.place(str(made.renditions.get(kind="master").file.name)))

    assert client.get(made.video_url).status_code == 404


def test_a_render_that_cannot_be_kept_is_fetched_again(
    files: Files, scratch: Path, sent: Attempt, worker: Worker, emulator: Emulator
) -> None:
    """I5, I6"""
    emulator.finish_all()
    (generation_id,) = worker.poll()

    with files.away():
        assert not worker.fetch(generation_id)
    assert Generation.objects.get().status == Status.FETCHING
    worker.die()
    assert worker.fetch(generation_id)
    worker.finish(generation_id)

    assert state(sent.generation) == (Status.READY, Reservation.State.SETTLED)
    assert emulator.accepted == 1
    assert list(scratch.iterdir()) == []


def test_what_cannot_be_kept_until_its_deadline_fails_with_its_refund(
    files: Files, sent: Attempt, worker: Worker, emulator: Emulator
) -> None:
    """I4, I6"""
    emulator.finish_all()
    (generation_id,) = worker.poll()
    with files.away():
        for _ in range(3):
            worker.die()
            worker.fetch(generation_id)
    long_ago = timezone.now() - timedelta(seconds=settings.FETCH_DEADLINE_SECONDS + 1)
    Generation.objects.update(lease_until=None, moved_at=long_ago)

    worker.sweep()

    assert state(sent.generation) == (Status.FAILED, Reservation.State.REFUNDED)
    assert list(check_ledger()) == []


@pytest.mark.parametrize("trouble", [Files.away, Files.full])
def test_renditions_that_cannot_be_kept_are_made_again(
    files: Files,
    scratch: Path,
    sent: Attempt,
    worker: Worker,
    emulator: Emulator,
    trouble: Callable[[Files], AbstractContextManager[None]],
) -> None:
    """I6: where the render cannot be read, and where its renditions cannot be written."""
    emulator.finish_all()
    (generation_id,) = worker.poll()
    worker.fetch(generation_id)

    with trouble(files), pytest.raises(FilesAway):
        worker.finish(generation_id)
    assert Generation.objects.get().status == Status.FINISHING
    worker.die()
    worker.finish(generation_id)

    assert state(sent.generation) == (Status.READY, Reservation.State.SETTLED)
    assert list(scratch.iterdir()) == []


def test_a_prompt_whose_image_cannot_be_read_is_not_sent_and_goes_later(
    files: Files, with_image: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I5, I6"""
    with files.away():
        worker.dispatch_and_submit()
    assert emulator.requests == []
    worker.die()
    worker.sweep()
    assert state(with_image) == (Status.QUEUED, Reservation.State.HELD)

    worker.dispatch_and_submit()

    assert state(with_image) == (Status.RENDERING, Reservation.State.HELD)
    assert emulator.accepted == 1


def test_a_prompt_whose_image_is_gone_fails_with_its_refund(
    files: Files, with_image: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I4"""
    files.client.delete_object(**files.place(str(with_image.first_image.name)))

    worker.dispatch_and_submit()

    assert state(with_image) == (Status.FAILED, Reservation.State.REFUNDED)
    assert with_image.failure_message == "Its first image is no longer there."
    assert emulator.requests == []


def test_a_prompt_with_an_image_that_cannot_be_kept_holds_nothing(
    files: Files, make_generation: Callable[..., Generation]
) -> None:
    with files.away(), pytest.raises(FilesAway):
        make_generation(first_image=picture())

    assert not Generation.objects.exists()
    assert not Reservation.objects.exists()


def test_a_refused_prompt_leaves_no_image_behind(
    files: Files, make_generation: Callable[..., Generation], artist: Artist
) -> None:
    assert artist.cohort is not None
    artist.cohort.queued_cap = 0
    artist.cohort.save()

    with pytest.raises(Exception, match="queue"):
        make_generation(first_image=picture())

    assert files.names() == set()


@pytest.mark.django_db(transaction=True)
def test_a_removed_work_is_deleted_from_the_bucket_at_once_or_once_it_answers(
    files: Files, make_work: Callable[..., Generation]
) -> None:
    at_once, later = make_work(), make_work()
    of_later = {str(one.file.name) for one in later.renditions.all()}

    remove(at_once)
    assert files.names() == of_later
    with files.away():
        remove(later)
    assert files.names() == of_later

    assert tidying.delete_removed() == 1
    assert files.names() == set()


def test_what_no_row_names_is_cleared_from_the_bucket(
    files: Files, made: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = files.names()
    for top in tidying.FOLDERS:
        files.client.put_object(**files.place(f"{top}/left/orphan"), Body=b"orphan")

    assert tidying.delete_unknown() == 0  # young ones may be somebody's yet
    monkeypatch.setattr(tidying, "OLD_SECONDS", -3600)
    assert tidying.delete_unknown() == len(tidying.FOLDERS)

    assert files.names() == named


def test_a_share_is_the_approved_bytes_or_nothing(
    files: Files, make_share: Callable[..., Any], client: Client
) -> None:
    """I1: what was read once is known again by its tag, and other bytes by theirs."""
    share = make_share()
    public = share.submission.public_copy
    known = [client.get(share.video_url).getvalue() for _ in range(2)]
    begun = client.get(share.video_url)

    files.client.put_object(**files.place(str(public.file.name)), Body=b"x" * public.size_bytes)

    assert [hashlib.sha256(one).hexdigest() for one in known] == [public.sha256] * 2
    assert client.get(share.video_url).status_code == 404
    with pytest.raises(FilesAway):
        begun.getvalue()
