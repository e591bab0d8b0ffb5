"""Jobs, one folder each: `job.json` says all about it, `clip.mp4` is what it made.

A job is kept for a day after it ended. `job.json` is replaced as a whole, never written in
place, so a server killed at any moment finds each job as it was before or after a change.
"""

import json
import logging
import os
import shutil
import time
import uuid
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

KEPT_SECONDS: Final = 24 * 60 * 60
JOB_FILE: Final = "job.json"
CLIP_FILE: Final = "clip.mp4"
THUMBNAIL_FILE: Final = "thumbnail.webp"
IMAGE_FILE: Final = "first.png"

logger = logging.getLogger(__name__)


class Status(StrEnum):
    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in (Status.COMPLETED, Status.FAILED)


@dataclass(frozen=True)
class Order:
    """What was asked for, checked."""

    model: str
    prompt: str
    size: str
    seconds: int
    style: str
    seed: int


@dataclass(frozen=True)
class Job:
    """One clip on its way. Times are unix seconds; `ordinal` orders jobs by their arrival."""

    id: str
    ordinal: int
    order: Order
    created_at: int
    status: Status = Status.QUEUED
    progress: int = 0
    completed_at: int | None = None
    expires_at: int | None = None
    error: dict[str, str] | None = None
    callback_url: str | None = None  # until it has been called, or been given up

    def completed(self) -> "Job":
        return replace(self._ended(), status=Status.COMPLETED, progress=100)

    def failed(self, *, code: str, message: str) -> "Job":
        return replace(
            self._ended(), status=Status.FAILED, error={"code": code, "message": message}
        )

    def called_back(self) -> "Job":
        return replace(self, callback_url=None)

    def queued_again(self) -> "Job":
        return replace(self, status=Status.QUEUED, progress=0)

    def has_expired(self) -> bool:
        return self.expires_at is not None and time.time() >= self.expires_at

    def _ended(self) -> "Job":
        now = int(time.time())
        return replace(self, completed_at=now, expires_at=now + KEPT_SECONDS)


class JobStore:
    """All jobs, in memory for reading and in their folders for good."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._jobs: dict[str, Job] = {}
        self._last_ordinal = 0

    def load(self) -> list[Job]:
        """Read the folders. What had not ended is queued again; these jobs come back, oldest first.

        A render is determined by its order, so nothing is lost by starting it anew.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        for path in self.home.glob(f"*/{JOB_FILE}"):
            job = _read(path)
            if job is not None:
                self._jobs[job.id] = job
        waiting = sorted(
            (job for job in self._jobs.values() if not job.status.is_final),
            key=lambda job: job.ordinal,
        )
        for job in waiting:
            self._clear_output(job.id)
            self.save(job.queued_again())
        return waiting

    def add(self, order: Order, *, image: bytes | None, callback_url: str | None = None) -> Job:
        """Store a new job. Its folder appears whole or not at all."""
        self._last_ordinal = max(self._last_ordinal + 1, time.time_ns())
        job = Job(
            id=f"video_{uuid.uuid4().hex}",
            ordinal=self._last_ordinal,
            order=order,
            created_at=int(time.time()),
            callback_url=callback_url,
        )
        folder = self.folder(job.id)
        folder.mkdir()
        try:
            if image is not None:
                (folder / IMAGE_FILE).write_bytes(image)
            self.save(job)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return job

    def save(self, job: Job) -> None:
        path = self.folder(job.id) / JOB_FILE
        draft = path.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(job), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        self._jobs[job.id] = job

    def note_progress(self, job: Job) -> None:
        """Keep the progress for whoever asks; a restart begins the render anew, so not on disk."""
        self._jobs[job.id] = job

    def get(self, job_id: str) -> Job | None:
        job = self._jobs.get(job_id)
        return None if job is None or job.has_expired() else job

    def newest_first(self) -> list[Job]:
        kept = (job for job in self._jobs.values() if not job.has_expired())
        return sorted(kept, key=lambda job: job.ordinal, reverse=True)

    def to_call_back(self) -> list[Job]:
        """Jobs that have ended, and whose callback is still to be sent."""
        jobs = self._jobs.values()
        return [job for job in jobs if job.status.is_final and job.callback_url is not None]

    def remove(self, job_id: str) -> None:
        self._jobs.pop(job_id, None)
        shutil.rmtree(self.folder(job_id))

    def remove_expired(self) -> None:
        for job in [job for job in self._jobs.values() if job.has_expired()]:
            self.remove(job.id)

    def folder(self, job_id: str) -> Path:
        return self.home / job_id

    def _clear_output(self, job_id: str) -> None:
        for path in self.folder(job_id).glob("clip*"):
            path.unlink()


def read_order(folder: Path) -> Order:
    """The order of the job in this folder, for the process that renders it."""
    stored = json.loads((folder / JOB_FILE).read_text(encoding="utf-8"))
    return Order(**stored["order"])


def _read(path: Path) -> Job | None:
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        order = Order(**stored.pop("order"))
        return Job(order=order, **{**stored, "status": Status(stored["status"])})
    except (OSError, ValueError, TypeError, KeyError):
        logger.exception("job file %s cannot be read; the job is left out", path)
        return None
