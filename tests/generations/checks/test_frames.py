"""The pictures of a finished clip are checked until it is done; they are flagged, never refused."""

import base64
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from artists.models import Artist
from generations.checks import frames
from generations.checks.services import is_flagged
from generations.checks.thresholds import Chosen, set_thresholds
from generations.media.bad_media import BadMedia
from generations.media.stills import take_stills
from generations.models import Check, FramesDue, Generation, Ground
from generations.models.generation import Status
from generations.rendering.ending import succeed
from generations.tasks import check_due_frames
from tests.emulators.moderations import Emulator
from tests.generations.media.clips import write_clip
from tests.generations.sharing.fixtures import MakeWork

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(make_work: MakeWork, tmp_path: Path) -> Generation:
    """A finished clip with a real proxy and poster, whose pictures are still to be checked."""
    work = make_work()
    clip = write_clip(tmp_path / "clip.mp4", size=(640, 360), frames=48)
    poster = io.BytesIO()
    Image.new("RGB", (64, 36), "teal").save(poster, "WEBP")
    for kind, content in (("proxy", clip.read_bytes()), ("poster", poster.getvalue())):
        rendition = work.renditions.get(kind=kind)
        rendition.file.save(f"works/{work.pk}/{kind}", ContentFile(content), save=False)
        rendition.size_bytes = len(content)
        rendition.save()
    FramesDue.objects.create(generation=work)
    return work


def again(work: Generation) -> None:
    """Let the time pass until the next try."""
    FramesDue.objects.filter(pk=work.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    frames.check_frames(work.pk)


def test_poster_and_stills_are_sent_one_by_one_and_the_highest_scores_are_kept(
    finished: Generation, server: Emulator
) -> None:
    server.of_pictures = {"sexual": 0.2, "violence": 0.1}

    frames.check_frames(finished.pk)

    check = finished.checks.get()
    assert (check.stage, check.source, check.outcome) == ("frames", "moderation", "pass")
    assert (check.scores["sexual"], check.scores["violence"]) == (0.2, 0.1)
    addresses = [part["image_url"]["url"] for [part] in server.asked]
    assert [one.partition(";")[0] for one in addresses] == ["data:image/webp"] + [
        "data:image/jpeg"
    ] * 4
    still = Image.open(io.BytesIO(base64.b64decode(addresses[1].partition(",")[2])))
    assert still.size == (512, 288)
    assert not FramesDue.objects.exists()
    assert not is_flagged(finished.pk)


def test_what_would_refuse_a_prompt_flags_a_clip(
    finished: Generation, server: Emulator, manager: Artist, ground: Ground
) -> None:
    """It has cost something: a machine asks for a person, and refuses nothing."""
    server.of_pictures = {"sexual": 0.95}
    set_thresholds(None, [Chosen("sexual", 40, 90, ground)], by=manager)

    frames.check_frames(finished.pk)

    check = finished.checks.get()
    assert (check.outcome, check.words) == ("flag", "High enough to refuse a prompt: sexual.")
    assert is_flagged(finished.pk)
    finished.refresh_from_db()
    assert finished.status == Status.READY


def test_the_database_takes_no_refusal_of_what_was_made(finished: Generation) -> None:
    facts = {"generation": finished, "stage": "frames", "source": "moderation"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.create(**facts, outcome="refuse")
    Check.objects.create(**facts, outcome="pass")
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.create(**facts, outcome="pass")


def test_a_server_that_is_away_is_tried_again_and_at_last_the_clip_is_flagged(
    finished: Generation, server: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generations.checks.moderation.REST_SECONDS", 0.0)
    server.faults.drop = ["moderate"]

    for number in range(1, frames.ENOUGH_TRIES):
        again(finished)
        waiting = FramesDue.objects.get()
        assert waiting.tries == number
        assert waiting.due_at > timezone.now()
        assert not is_flagged(finished.pk)
    again(finished)

    check = finished.checks.get()
    assert check.outcome == "flag"
    assert check.words.startswith("Not checked. The moderation server could not be reached")
    assert not FramesDue.objects.exists()


def test_a_server_that_comes_back_is_asked_and_the_clip_is_not_flagged(
    finished: Generation, server: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generations.checks.moderation.REST_SECONDS", 0.0)
    server.faults.drop = ["moderate"]
    again(finished)
    server.faults.drop = []

    again(finished)

    assert finished.checks.get().outcome == "pass"


def test_delivered_twice_it_is_checked_once(finished: Generation, server: Emulator) -> None:
    frames.check_frames(finished.pk)
    frames.check_frames(finished.pk)

    assert finished.checks.count() == 1
    assert len(server.requests) == 5


def test_what_another_worker_holds_is_left_to_it(finished: Generation, server: Emulator) -> None:
    assert FramesDue.objects.claim(finished.pk, seconds=60)

    frames.check_frames(finished.pk)

    assert server.requests == []
    assert frames.due() == []


def test_a_clip_that_cannot_be_decoded_again_is_flagged(
    finished: Generation, server: Emulator
) -> None:
    proxy = finished.renditions.get(kind="proxy")
    proxy.file.save(f"works/{finished.pk}/proxy", ContentFile(b"no clip at all"), save=True)

    frames.check_frames(finished.pk)

    check = finished.checks.get()
    assert check.outcome == "flag"
    assert check.words.startswith("Not checked.")


def test_a_removed_work_is_not_looked_at(finished: Generation, server: Emulator) -> None:
    Generation.objects.update(removed_at=timezone.now())

    frames.check_frames(finished.pk)

    assert server.requests == []
    assert not FramesDue.objects.exists()


def test_the_schedule_finds_what_no_message_told_of(
    finished: Generation, server: Emulator, tasks_run_at_once: None
) -> None:
    check_due_frames()

    assert finished.checks.get().outcome == "pass"


@pytest.mark.parametrize("is_set_up", [True, False])
def test_with_its_settlement_a_clip_is_put_in_line_where_there_is_a_server(
    make_generation: Callable[..., Generation], settings: Any, is_set_up: bool
) -> None:
    settings.MODERATION = {"url": "", "key": "", "model": "x"}
    generation = make_generation()
    Generation.objects.update(status=Status.FINISHING)
    settings.MODERATION["url"] = "http://127.0.0.1:1/v1" if is_set_up else ""

    assert succeed(generation.pk, renditions=[])

    assert FramesDue.objects.exists() is is_set_up


def test_stills_of_no_clip_are_refused(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"no clip at all")

    with pytest.raises(BadMedia):
        take_stills(tmp_path / "clip.mp4", tmp_path)
