"""The queue: at most two renders at a time, each in a child process."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from .callbacks import Callbacks
from .jobs import CLIP_FILE, Job, JobStore, Status
from .offer import FRAMES_PER_SECOND

AT_ONCE: Final = 2
_STALL_SECONDS: Final = 300.0  # a render without a new frame for so long is taken for stuck
_SWEEP_SECONDS: Final = 60.0
_ROOT: Final = Path(__file__).resolve().parents[2]

logger = logging.getLogger(__name__)


class RenderFailed(Exception):
    """A child ended without its clip."""


class RenderQueue:
    """Jobs in the order they came; those that a stopped server left are first."""

    def __init__(self, store: JobStore, callbacks: Callbacks) -> None:
        self._store = store
        self._callbacks = callbacks
        self._waiting: asyncio.Queue[str] = asyncio.Queue()

    def add(self, job: Job) -> None:
        self._waiting.put_nowait(job.id)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Render until the block ends; then children are stopped, their jobs stay queued."""
        for job in self._store.load():
            self.add(job)
        tasks = [asyncio.create_task(self._work()) for _ in range(AT_ONCE)]
        tasks.append(asyncio.create_task(self._sweep()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            job = self._store.get(await self._waiting.get())
            if job is None:
                continue
            try:
                await self._render(job)
            except Exception:
                logger.exception("job %s could not be finished", job.id)

    async def _render(self, job: Job) -> None:
        job = replace(job, status=Status.IN_PROGRESS)
        self._store.save(job)
        folder = self._store.folder(job.id)
        try:
            await self._run_child(job, folder)
        except RenderFailed as failure:
            logger.warning("job %s failed: %s", job.id, failure)
            self._end(job.failed(code="render_failed", message=str(failure)))
        else:
            self._end(job.completed())

    def _end(self, job: Job) -> None:
        self._store.save(job)
        self._callbacks.send(job)

    async def _run_child(self, job: Job, folder: Path) -> None:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "generations.sketch.render",
            str(folder),
            cwd=_ROOT,
            env=_child_environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            if child.stdout is not None:
                await self._follow(child.stdout, job)
            code = await child.wait()
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if code != 0:
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise RenderFailed(f"The render process ended before the clip was done ({how}).")
        if not (folder / CLIP_FILE).exists():
            raise RenderFailed("The render process left no clip.")

    async def _follow(self, lines: asyncio.StreamReader, job: Job) -> None:
        """Turn the child's count of frames into progress; 100 is kept for a finished job."""
        frame_count = job.order.seconds * FRAMES_PER_SECOND
        while True:
            try:
                line = await asyncio.wait_for(lines.readline(), _STALL_SECONDS)
            except TimeoutError as exc:
                raise RenderFailed("The render made no progress and was stopped.") from exc
            if not line:
                return
            progress = min(99, int(line) * 100 // frame_count)
            self._store.note_progress(replace(job, progress=progress))

    async def _sweep(self) -> None:
        while True:
            try:
                self._store.remove_expired()
            except OSError:
                logger.exception("expired jobs could not be removed")
            await asyncio.sleep(_SWEEP_SECONDS)


def _child_environment() -> dict[str, str]:
    """What a render needs; no credential is among it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    return {**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
