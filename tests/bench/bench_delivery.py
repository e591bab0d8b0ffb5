"""Files through nginx: `python -m tests.bench.bench_delivery [--megabytes 20] [--rounds 3]`.

The signed file of a share behind the example's nginx (docs/running, with TLS): as plain nginx
serves it, and as Greenroom gives leave for it by X-Accel-Redirect, to anybody by the share; beside
them the file that is signed for its artist alone, to a program by its token. The plain one is no
rendition, for the kernel reads the same bytes faster from a file that was written in one go. The
three alternate in one run; printed are the medians of what is served in a second and of the CPU
time of all servers for one answer, both as ratios to plain nginx too: on a machine that does other
work the second is the one to trust. Needs nginx, openssl and wrk.
"""

import argparse
import hashlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tests.bench.bench_api import SECONDS, run_wrk
from tests.bench.portal import fresh_portal
from tests.bench.report import print_table
from tests.generations.media.clips import write_clip
from tests.machines.example import Example
from tests.machines.site import HOST, answers, make_example, reach, start_nginx
from tests.services.packages import NGINX, OPENSSL, WRK, install_missing
from tests.services.servers import free_port

# Beside the locations of the example: the same folder, served to anybody.
PLAIN = "    location /plain/ {{ alias {media}/; }}\n    location = /readyz {{"


CONNECTIONS = 4
THREADS = 2 * 32  # of the webs


@dataclass(frozen=True)
class Served:
    per_second: float
    cpu_ms: float
    broken: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if missing := install_missing([NGINX, OPENSSL, WRK]):
        sys.exit(str(missing))
    with tempfile.TemporaryDirectory(prefix="greenroom-bench-") as name:
        folder = Path(name)
        settings = {"PUBLIC_URL": f"https://{HOST}", "BEHIND_PROXY": "1", "DELIVERY": "/private"}
        with fresh_portal(postgres=False, MEDIA=str(folder / "media"), **settings):
            paths = fill(folder, size_bytes=options.megabytes * 1_000_000)
            served = measure(folder, paths, rounds=options.rounds)
    sys.stdout.write(f"\nOne file of {options.megabytes} MB through nginx with TLS\n")
    plain = served["plain nginx"]
    print_table(
        ["served", "per second", "ratio", "CPU ms", "ratio", "broken"],
        [
            (
                how,
                one.per_second,
                one.per_second / plain.per_second,
                one.cpu_ms,
                plain.cpu_ms / one.cpu_ms,
                one.broken,
            )
            for how, one in served.items()
        ],
    )


def fill(folder: Path, *, size_bytes: int) -> dict[str, str]:
    """Make a clip that is shared, and return the paths at which its files are found.

    Both its files are signed before anything counts, as they are of a clip that was approved and
    downloaded before.
    """
    from django.core.files import File
    from django.utils import timezone

    from artists.access.services import create_token
    from artists.models import Cohort
    from generations.ids import write_video_id
    from generations.media.credentials.copies import private_copy, public_copy
    from generations.models import Decision, Generation, Rendition, Share, Submission
    from generations.models.generation import Status
    from tests.bench.rows import make_artist, make_generations, make_video_model

    cohort, now = Cohort.objects.create(name="Bench"), timezone.now()
    artist, reviewer = make_artist("artist", cohort), make_artist("reviewer", cohort)
    model = make_video_model()
    make_generations(1, artist=artist, video_model=model, status=Status.READY, finished_at=now)
    work = Generation.objects.earliest("pk")
    clip = write_large_clip(folder / "clip.mp4", size_bytes=size_bytes)
    master = Rendition(
        generation=work,
        kind=Rendition.Kind.MASTER,
        content_type="video/mp4",
        size_bytes=clip.stat().st_size,
        sha256=hashlib.sha256(clip.read_bytes()).hexdigest(),
        width=1280,
        height=720,
    )
    with clip.open("rb") as file:
        master.file.save("renditions/master.mp4", File(file), save=False)
    master.save(force_insert=True)
    private_copy(master)
    submission = Submission.objects.create(
        artist=artist,
        generation=work,
        rendition=master,
        title="Boat",
        credit_name="Ada",
        status=Submission.Status.APPROVED,
        due_at=now,
        closed_at=now,
    )
    with public_copy(submission, approved_at=now) as copy:
        copy.save(force_insert=True)
    Decision.objects.create(
        submission=submission,
        reviewer=reviewer,
        artist=artist,
        outcome=Decision.Outcome.APPROVE,
        rendition_sha256=master.sha256,
        public_sha256=copy.sha256,
    )
    share = Share.objects.create(submission=submission)
    (folder / "token").write_text(create_token(artist, "bench")[1] + "\n")
    return {
        "plain nginx": f"/plain/{copy.file.name}",
        "a share": share.video_url,
        "by token": f"/v1/videos/{write_video_id(work.pk)}/content",
    }


def write_large_clip(path: Path, *, size_bytes: int) -> Path:
    """A small clip with random bytes behind it that make it large: it plays, and can be signed."""
    rest = size_bytes - write_clip(path).stat().st_size
    with path.open("ab") as file:
        file.write(rest.to_bytes(4) + b"mdat" + os.urandom(rest - 8))
    return path


def measure(folder: Path, paths: dict[str, str], *, rounds: int) -> dict[str, Served]:
    """Ask for each path in turn, as often as there are rounds; return the medians of each."""
    ports = {name: free_port() for name in ("http", "https", "8001", "8002", "sketch")}
    https = ports["https"]
    places = make_example(folder, {}, ports).places
    plain = {"    location = /readyz {": PLAIN.format(media=folder / "media")}
    example = Example(folder, {**places, **plain}, dict(os.environ))
    found: dict[str, list[Served]] = {how: [] for how in paths}
    try:
        for name in ("8001", "8002"):
            example.start("greenroom-web@.service", str(ports[name]))
        start_nginx(example)
        warm_up(folder, https, paths)
        for _ in range(rounds):
            for how, path in paths.items():
                url = f"https://127.0.0.1:{https}{path}"
                found[how].append(serve(url, folder / "token", example.running))
    finally:
        example.stop()
    return {how: median(all_rounds) for how, all_rounds in found.items()}


def warm_up(folder: Path, https: int, paths: dict[str, str]) -> None:
    """Let every thread open its database, and every web hash the file, before anything counts."""
    token = (folder / "token").read_text().strip()
    with httpx.Client(**reach(folder, https)) as http:
        while not answers(http):
            time.sleep(0.1)
        for path in [*paths.values()] * THREADS:
            headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
            http.head(path, headers=headers).raise_for_status()


def serve(url: str, token: Path, servers: Sequence[psutil.Process]) -> Served:
    before = cpu_seconds(servers)
    load = run_wrk(url, token, connections=CONNECTIONS)
    answers = max(1.0, load.per_second * SECONDS)
    cpu_ms = 1000 * (cpu_seconds(servers) - before) / answers
    return Served(load.per_second, cpu_ms, load.refused + load.broken)


def median(rounds: list[Served]) -> Served:
    return Served(
        statistics.median(one.per_second for one in rounds),
        statistics.median(one.cpu_ms for one in rounds),
        sum(one.broken for one in rounds),
    )


def cpu_seconds(servers: Sequence[psutil.Process]) -> float:
    every = [one for server in servers for one in (server, *server.children(recursive=True))]
    times = [one.cpu_times() for one in every]
    return sum(spent.user + spent.system for spent in times)


if __name__ == "__main__":
    main()
