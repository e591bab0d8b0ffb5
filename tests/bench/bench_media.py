"""What finishing a clip costs: `python -m tests.bench.bench_media [clip.mp4]`.

Measures the CPU seconds of finishing a 10 s clip of 1920x1080 against ffmpeg's transcode of it with
x264 `veryfast`, alternating in one run, and prints the medians with their ratios, and the most
memory that was used. Then finishes the clip as a worker does, with database and storage, and says
after how long its poster stood in both: by the clock, and in CPU seconds of worker and decoder,
which are the ones to trust on a machine that does other work. Without a clip, a moving one with
grain is made, of 65 Mbit/s. Needs ffmpeg.
"""

import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

from generations.media.finishing import Mark, finish
from tests.bench.portal import fresh_portal
from tests.bench.report import print_table
from tests.services.packages import FFMPEG, install_missing

ROUNDS = 3
MOVING_PICTURE = "testsrc2=size=1920x1080:rate=24:duration=10,noise=alls=6:allf=t"
AIMS = "Aims: 1.3 x ffmpeg, under 900 MB, the poster within 1 s."


@dataclass(frozen=True)
class Cost:
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


MARKS = {
    "master": Mark("corner", ["Spring Preview"]),
    "proxy": Mark("moving", ["Lena Ortiz", "Spring Preview", "26 Nov 2026"]),
}


def main() -> None:
    if missing := install_missing([FFMPEG]):
        sys.exit(str(missing))
    with tempfile.TemporaryDirectory(prefix="greenroom-bench-") as name:
        folder = Path(name)
        safe = Path(sys.argv[1]) if len(sys.argv) > 1 else make_clip(folder / "safe.mp4")
        unsafe = make_unsafe(safe, folder / "unsafe.mp4")
        tasks: dict[str, Callable[[], None]] = {
            "ffmpeg veryfast": lambda: transcode(safe, folder / "transcoded.mp4"),
            "finish, master copied": lambda: finish_into(safe, folder),
            "finish, master encoded": lambda: finish_into(unsafe, folder),
            "finish, both marked": lambda: finish_into(safe, folder, MARKS),
        }
        costs: dict[str, list[Cost]] = {task: [] for task in tasks}
        for _ in range(ROUNDS):
            for task, run in tasks.items():
                costs[task].append(cost_of(run))
        sys.stdout.write("\nFinishing a clip of 1920x1080\n")
        print_costs(costs)
        with fresh_portal(postgres=False):
            posters = {
                "safe for browsers": median_poster(safe),
                "not safe": median_poster(unsafe),
            }
    print_table(
        ["first poster stored", "after s", "CPU s"],
        [(which, *found) for which, found in posters.items()],
    )
    sys.stdout.write(f"{AIMS}\n")


def print_costs(costs: Mapping[str, list[Cost]]) -> None:
    cpu = {
        task: statistics.median(one.cpu_seconds for one in found) for task, found in costs.items()
    }
    print_table(
        ["task", "CPU s", "x ffmpeg", "wall s", "peak MB"],
        [
            (
                task,
                cpu[task],
                cpu[task] / cpu["ffmpeg veryfast"],
                statistics.median(one.wall_seconds for one in found),
                max(one.peak_megabytes for one in found),
            )
            for task, found in costs.items()
        ],
    )


def median_poster(source: Path) -> tuple[float, float]:
    """Return after how many seconds, and how many of CPU, a worker has stored a clip's poster."""
    found = [poster_of(make_fetched(source)) for _ in range(ROUNDS)]
    return statistics.median(wall for wall, _ in found), statistics.median(cpu for _, cpu in found)


def poster_of(generation_id: UUID) -> tuple[float, float]:
    from django.db import transaction
    from django.db.models.signals import post_save

    from generations.models import Generation, Rendition
    from generations.models.generation import Status
    from generations.rendering.finishing import finish as finish_one

    seen: list[tuple[float, float]] = []

    def look(instance: Any, **signal: Any) -> None:
        if instance.kind == Rendition.Kind.POSTER:
            transaction.on_commit(lambda: seen.append((time.monotonic(), cpu_seconds())))

    post_save.connect(look, sender=Rendition)
    start, cpu_before = time.monotonic(), cpu_seconds()
    finish_one(generation_id)
    post_save.disconnect(look, sender=Rendition)
    assert Generation.objects.get(pk=generation_id).status == Status.READY
    [(stored_at, cpu_then)] = seen
    return stored_at - start, cpu_then - cpu_before


def cpu_seconds() -> float:
    """CPU seconds of this process and of those that it has started, those that run among them."""
    own = psutil.Process()
    living = [child.cpu_times() for child in own.children(recursive=True)]
    times = own.cpu_times()
    of_all = times.user + times.system + times.children_user + times.children_system
    return of_all + sum(spent.user + spent.system for spent in living)


def make_fetched(source: Path) -> UUID:
    """A generation whose render has been fetched, and waits to be finished."""
    from django.core.files import File

    from artists.models import Artist, Cohort
    from generations.models import Generation, Render, VideoModel
    from generations.models.generation import Status
    from tests.bench.rows import make_artist, make_generations, make_video_model

    cohort, _ = Cohort.objects.get_or_create(name="Bench")
    artist = Artist.objects.first() or make_artist("artist", cohort)
    model = VideoModel.objects.first() or make_video_model()
    make_generations(1, artist=artist, video_model=model, status=Status.FINISHING)
    generation = Generation.objects.get(status=Status.FINISHING)
    render = Render(
        generation=generation,
        content_type="video/mp4",
        size_bytes=source.stat().st_size,
        sha256=hashlib.sha256(source.read_bytes()).hexdigest(),
    )
    with source.open("rb") as file:
        render.file.save("renders/render.mp4", File(file))
    return generation.pk


def cost_of(run: Callable[[], None]) -> Cost:
    """Run a task in a process of its own, for the memory of its children to be its own too."""
    read, write = os.pipe()
    if not (child := os.fork()):
        start = time.monotonic()
        run()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cost = Cost(
            cpu_seconds=used.ru_utime + used.ru_stime,
            wall_seconds=time.monotonic() - start,
            peak_megabytes=used.ru_maxrss / 1000,
        )
        os.write(write, json.dumps(asdict(cost)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        cost = Cost(**json.load(answer))
    os.waitpid(child, 0)
    return cost


def finish_into(source: Path, folder: Path, marks: Mapping[str, Mark] | None = None) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as out:
        finish(source, Path(out), marks=marks)


def make_clip(path: Path) -> Path:
    coded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p"]
    tagged = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    ffmpeg("-f", "lavfi", "-i", MOVING_PICTURE, *coded, *tagged, "-movflags", "+faststart", path)
    return path


def make_unsafe(source: Path, path: Path) -> Path:
    """The same clip in a coding that browsers do not play, as cheap to decode."""
    coded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "16", "-pix_fmt", "yuv422p"]
    ffmpeg("-i", source, *coded, path)
    return path


def transcode(source: Path, path: Path) -> None:
    ffmpeg("-i", source, "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", path)


def ffmpeg(*arguments: str | Path) -> None:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
