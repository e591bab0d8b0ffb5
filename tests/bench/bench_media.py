"""What finishing a clip costs: `python -m tests.bench.bench_media [clip.mp4]`.

Measures the CPU seconds of finishing a 10 s clip of 1920x1080 against ffmpeg's transcode of it with
x264 `veryfast`, alternating in one run, and prints the medians as ratios; also the most memory that
was used, and after how long there was a poster. Without a clip, a moving one with grain is made.
Needs ffmpeg.
"""

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

from generations.media.finishing import Mark, finish

ROUNDS = 3
MOVING_PICTURE = "testsrc2=size=1920x1080:rate=24:duration=10,noise=alls=6:allf=t"


@dataclass(frozen=True)
class Cost:
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float
    poster_seconds: float | None


MARKS = {
    "master": Mark("corner", ["Spring Preview"]),
    "proxy": Mark("moving", ["Lena Ortiz", "Spring Preview", "26 Nov 2026"]),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        safe = Path(sys.argv[1]) if len(sys.argv) > 1 else make_clip(folder / "safe.mp4")
        unsafe = make_unsafe(safe, folder / "unsafe.mp4")
        tasks: dict[str, Callable[[], float | None]] = {
            "ffmpeg veryfast": lambda: transcode(safe, folder / "transcoded.mp4"),
            "finish, master copied": lambda: finish_into(safe, folder),
            "finish, master encoded": lambda: finish_into(unsafe, folder),
            "finish, both marked": lambda: finish_into(safe, folder, MARKS),
        }
        costs: dict[str, list[Cost]] = {task: [] for task in tasks}
        for _ in range(ROUNDS):
            for task, run in tasks.items():
                costs[task].append(cost_of(run))
    reference = statistics.median(cost.cpu_seconds for cost in costs["ffmpeg veryfast"])
    for task, found in costs.items():
        cpu = statistics.median(cost.cpu_seconds for cost in found)
        wall = statistics.median(cost.wall_seconds for cost in found)
        facts: dict[str, object] = {"cpu_seconds": cpu, "wall_seconds": wall}
        facts |= {"ratio": cpu / reference, "peak_megabytes": max(c.peak_megabytes for c in found)}
        posters = [cost.poster_seconds for cost in found if cost.poster_seconds]
        if posters:
            facts["poster_seconds"] = statistics.median(posters)
        report(task=task, **facts)


def cost_of(run: Callable[[], float | None]) -> Cost:
    """Run a task in a process of its own, for the memory of its children to be its own too."""
    read, write = os.pipe()
    if not (child := os.fork()):
        start = time.monotonic()
        poster_at = run()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cost = Cost(
            cpu_seconds=used.ru_utime + used.ru_stime,
            wall_seconds=time.monotonic() - start,
            peak_megabytes=used.ru_maxrss / 1000,
            poster_seconds=poster_at - start if poster_at else None,
        )
        os.write(write, json.dumps(asdict(cost)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        cost = Cost(**json.load(answer))
    os.waitpid(child, 0)
    return cost


def finish_into(source: Path, folder: Path, marks: Mapping[str, Mark] | None = None) -> float:
    """Finish a clip and return when there was a poster."""
    seen: list[float] = []
    with tempfile.TemporaryDirectory(dir=folder) as out:
        finish(source, Path(out), marks=marks, on_poster=lambda _: seen.append(time.monotonic()))
    return seen[0]


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


def report(**facts: object) -> None:
    rounded = {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in facts.items()
    }
    sys.stdout.write(json.dumps(rounded) + "\n")


if __name__ == "__main__":
    main()
