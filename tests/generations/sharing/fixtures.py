"""Finished works with files in storage, and submissions and shares of them."""

import hashlib
import secrets
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from artists.models import Artist, Reservation
from generations.models import (
    Decision,
    Generation,
    Ground,
    Rendition,
    Share,
    Submission,
    VideoModel,
)
from generations.models.generation import Status
from generations.models.render import MediaFile
from generations.sharing.services import submit
from tests.generations.media.clips import write_clip
from tests.generations.reviews.acting import claim, decide

SIZE_BYTES = 4000  # of each file
FILES = {
    Rendition.Kind.MASTER: ("video/mp4", 1920, 1080),
    Rendition.Kind.PROXY: ("video/mp4", 854, 480),
    Rendition.Kind.POSTER: ("image/webp", 1920, 1080),
    Rendition.Kind.FILMSTRIP: ("image/webp", 1600, 90),
    Rendition.Kind.WAVEFORM: ("image/webp", 1440, 96),
}

MakeWork = Callable[..., Generation]
MakeSubmission = Callable[..., Submission]
MakeShare = Callable[..., Share]


@pytest.fixture
def make_work(artist: Artist, video_model: VideoModel) -> MakeWork:
    """Make a finished work, of Ada unless told otherwise."""

    def make(of: Artist = artist, **fields: object) -> Generation:
        now = timezone.now()
        reservation = Reservation.objects.create(
            artist=of, credits=40, settled_credits=40, state="settled", closed_at=now
        )
        facts = {
            "prompt": "A paper boat on a canal",
            "size": "1920x1080",
            "duration_seconds": 10,
            "seed": 7,
            "price_credits": 40,
            "status": Status.READY,
            "finished_at": now,
        }
        work = Generation.objects.create(
            artist=of, video_model=video_model, reservation=reservation, **facts | fields
        )
        for kind, (content_type, width, height) in FILES.items():
            store(work, kind, content_type=content_type, width=width, height=height)
        return work

    return make


@pytest.fixture
def work(make_work: MakeWork) -> Generation:
    return make_work()


@pytest.fixture
def make_submission(make_work: MakeWork) -> MakeSubmission:
    """Submit a finished work, a new one unless told which."""

    def make(work: Generation | None = None, **words: Any) -> Submission:
        said: dict[str, Any] = {"title": "Boat", "note": "", "credit_name": "Ada L."}
        return submit(generation=work or make_work(), **said | {"show_prompt": True} | words)

    return make


@pytest.fixture
def submission(make_submission: MakeSubmission) -> Submission:
    return make_submission()


@pytest.fixture
def claimed(submission: Submission, reviewer: Artist) -> Submission:
    """A submission that Rita has claimed."""
    return claim(submission=submission, reviewer=reviewer)


@pytest.fixture
def ground(db: None) -> Ground:
    return Ground.objects.in_force().get(code="rights")


@pytest.fixture
def make_share(make_submission: MakeSubmission, reviewer: Artist) -> MakeShare:
    """Submit a finished work and approve it."""

    def make(work: Generation | None = None, **words: object) -> Share:
        submission = claim(submission=make_submission(work, **words), reviewer=reviewer)
        decide(submission=submission, reviewer=reviewer, outcome=Decision.Outcome.APPROVE)
        return Share.objects.get(submission=submission)

    return make


@pytest.fixture
def share(make_share: MakeShare) -> Share:
    return make_share()


def change_on_disk(media_file: MediaFile) -> None:
    """Put other bytes, as many as before, where a file is."""
    with media_file.file.storage.open(str(media_file.file.name), "wb") as stored:
        stored.write(bytes(media_file.size_bytes))


def stored_bytes(work: Generation, kind: str) -> bytes:
    with work.renditions.get(kind=kind).file.open() as file:
        return bytes(file.read())


def public_bytes(share: Share) -> bytes:
    with share.submission.public_copy.file.open() as file:
        return bytes(file.read())


def clip_bytes() -> bytes:
    """A small sound clip of 4000 bytes, others each time: a box that players skip is at its end."""
    clip = _clip()
    length = SIZE_BYTES - len(clip)
    return clip + length.to_bytes(4) + b"free" + secrets.token_bytes(length - 8)


@cache
def _clip() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_clip(Path(folder) / "clip.mp4", size=(64, 36), frames=24).read_bytes()


def store(work: Generation, kind: str, *, content_type: str, width: int, height: int) -> None:
    content = clip_bytes() if kind == Rendition.Kind.MASTER else secrets.token_bytes(SIZE_BYTES)
    rendition = Rendition(
        generation=work,
        kind=kind,
        content_type=content_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        width=width,
        height=height,
    )
    name = f"works/{work.pk}/{kind}{Rendition.SUFFIXES[kind]}"
    rendition.file.save(name, ContentFile(content), save=False)
    rendition.save(force_insert=True)
