"""Bringing the provider's file home into private storage."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from generations.media.boxes import HEADER_BYTES, begins_as_video
from generations.media.scratch import scratch_folder
from generations.media.storage import discard, store
from generations.models import Attempt, Generation, Render
from generations.models.generation import Status
from generations.providers.base import (
    ArtifactTooLarge,
    FailureKind,
    Provider,
    ProviderFailure,
    ProviderUnavailable,
)
from generations.rendering.deadlines import fetch_seconds
from generations.rendering.ending import end_badly, fail
from generations.rendering.lease import leased

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Download:
    path: Path
    size_bytes: int
    sha256: str


def fetch(generation_id: UUID, *, provider_named: Callable[[str], Provider]) -> bool:
    """Fetch a finished job's video; True when it is here and can be finished.

    Where the provider or our storage does not answer, or our disk is full, the claim is left to
    run out, and the sweep tries again until the deadline.
    """
    with leased(generation_id, Status.FETCHING) as is_mine, scratch_folder() as folder:
        if not is_mine:
            return False
        attempt = Attempt.objects.select_related("generation__video_model").get(
            generation=generation_id, state=Attempt.State.ACCEPTED
        )
        try:
            download = _download(attempt, provider_named, to=folder / "render.mp4")
            return _keep(generation_id, download)
        except ProviderUnavailable as exc:
            logger.info("the video of attempt %s cannot be fetched now: %s", attempt.pk, exc)
        except OSError:
            logger.exception("the video of attempt %s cannot be kept", attempt.pk)
        except ProviderFailure as failure:
            end_badly(generation_id, failure)
        except ArtifactTooLarge:
            fail(generation_id, kind=FailureKind.BAD_OUTPUT, note="The file was over the size cap.")
        return False


def _download(attempt: Attempt, provider_named: Callable[[str], Provider], *, to: Path) -> Download:
    provider = provider_named(attempt.provider)
    max_bytes = attempt.generation.video_model.max_bytes or settings.RENDER_MAX_BYTES
    digest, size = hashlib.sha256(), 0
    with (
        provider.open_artifact(attempt.provider_job_id, max_bytes=max_bytes) as blocks,
        to.open("xb") as file,
    ):
        for block in _of_a_video(_in_time(blocks)):
            file.write(block)
            digest.update(block)
            size += len(block)
    return Download(path=to, size_bytes=size, sha256=digest.hexdigest())


def _in_time(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass blocks on for one try's part of the deadline: a drip holds no worker for ever."""
    deadline = time.monotonic() + fetch_seconds()
    for block in blocks:
        if time.monotonic() > deadline:
            raise ProviderUnavailable("the download was too slow")
        yield block


def _of_a_video(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass blocks on, but for those of a page that says that something went wrong, for instance.

    Raises ProviderFailure.
    """
    head = b""
    for block in blocks:
        if len(head) < HEADER_BYTES:
            head += block[:HEADER_BYTES]
            if len(head) >= HEADER_BYTES and not begins_as_video(head):
                raise ProviderFailure(FailureKind.BAD_OUTPUT, "no video")
        yield block
    if len(head) < HEADER_BYTES:
        raise ProviderFailure(FailureKind.BAD_OUTPUT, "no video")


def _keep(generation_id: UUID, download: Download) -> bool:
    render = Render(
        generation_id=generation_id,
        file=store(download.path, folder="renders", generation_id=generation_id, kind="render"),
        content_type="video/mp4",
        size_bytes=download.size_bytes,
        sha256=download.sha256,
    )
    with transaction.atomic():
        if Generation.objects.move(generation_id, Status.FINISHING, lease_until=None):
            render.save(force_insert=True)
            return True
    discard([render.file])
    return False
