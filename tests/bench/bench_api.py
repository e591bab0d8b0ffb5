"""What the API does in a second: `python -m tests.bench.bench_api [--postgres] [--workers 2]`.

Each row is a run of wrk (16 connections, 10 s) against the portal's web server, and its ratio to
the bare baseline (tests/bench/bare.py) on the same server and database in the same run. Then: one
create alone, and how far 40 at once get past a budget that has room for 10. Needs wrk.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.portal import fresh_portal
from tests.bench.report import print_table
from tests.services.packages import WRK, install_missing
from tests.services.servers import free_port

SECONDS = 10
CONNECTIONS = 16
ARTISTS = 300
SCRIPT = Path(__file__).with_name("wrk.lua")
BODY = {"prompt": "A paper boat", "model": "bench-1", "seconds": "4", "size": "1280x720"}


@dataclass(frozen=True)
class Load:
    """What wrk counted. Latencies in milliseconds."""

    per_second: float
    refused: int
    broken: int
    p50: float
    p99: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    if missing := install_missing([WRK]):
        sys.exit(f"wrk: {missing[WRK]}")
    where = "PostgreSQL" if options.postgres else "SQLite"
    sys.stdout.write(f"\nThe API on {where}, {options.workers} web process(es)\n")
    rate = {"API_WRITE_RATE": "1000000/min"}
    with (
        fresh_portal(postgres=options.postgres, **rate),
        tempfile.TemporaryDirectory() as folder,
    ):
        video_id, tight = fill(Path(folder))
        measure(Path(folder), video_id, tight, workers=options.workers)


def measure(folder: Path, video_id: str, tight: str, *, workers: int) -> None:
    one, many = folder / "one", folder / "many"
    with web("tests.bench.bare:application", workers=workers) as (bare, _):
        insert = run_wrk(f"{bare}/insert", one, post=True)
        read = run_wrk(f"{bare}/read", one)
    with web("portal.wsgi:application", workers=workers) as (portal, server):
        videos = f"{portal}/v1/videos"
        alone = create_alone(videos, one.read_text().strip())
        rows = [
            ("bare: one insert", insert, insert),
            ("create, one key", run_wrk(videos, one, post=True), insert),
            (f"create, {ARTISTS} keys", run_wrk(videos, many, post=True), insert),
            ("bare: one read", read, read),
            ("retrieve", run_wrk(f"{videos}/{video_id}", one), read),
            ("list of 20", run_wrk(f"{videos}?limit=20", one), read),
        ]
        accepted = create_at_once(videos, tight, count=40)
        memory = [process.memory_info().rss / 1e6 for process in server.children()]
    print_table(
        ["run", "per second", "ratio", "p50 ms", "p99 ms", "refused", "broken"],
        [
            (
                name,
                load.per_second,
                load.per_second / base.per_second,
                load.p50,
                load.p99,
                load.refused,
                load.broken,
            )
            for name, load, base in rows
        ],
    )
    print_table(
        ["one create alone, median ms", "of 40 at once on a budget of 10", "largest web MB"],
        [(alone, accepted, max(memory, default=0.0))],
    )


def fill(folder: Path) -> tuple[str, str]:
    """Make the artists, and return a video of the first one and the token of one with 10 clips."""
    from artists.access.services import create_token
    from artists.models import Cohort, Limit
    from generations.ids import write_video_id
    from generations.models import Generation
    from generations.models.generation import Status
    from tests.bench.rows import make_artist, make_generations, make_video_model

    model = make_video_model(concurrency=0)
    cohort = Cohort.objects.create(name="Bench", queued_cap=32_000)
    artists = [make_artist(f"artist{number}", cohort) for number in range(ARTISTS)]
    for artist in artists:
        Limit.objects.create(artist=artist, period=Limit.Period.MONTH, ceiling=1_000_000)
        Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=1_000_000)
    Limit.objects.create(period=Limit.Period.MONTH, ceiling=100_000_000)
    tokens = [create_token(artist, "bench")[1] for artist in artists]
    (folder / "one").write_text(tokens[0] + "\n")
    (folder / "many").write_text("\n".join(tokens) + "\n")
    make_generations(100, artist=artists[0], video_model=model, status=Status.RENDERING)
    video = Generation.objects.filter(artist=artists[0]).order_by("pk")[:1].get()
    tight = make_artist("tight", cohort)
    Limit.objects.create(artist=tight, period=Limit.Period.TOTAL, ceiling=40)
    return write_video_id(video.pk), create_token(tight, "bench")[1]


@contextmanager
def web(application: str, *, workers: int) -> Iterator[tuple[str, psutil.Process]]:
    """Serve an application as `manage.py up` does."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    command += ["--workers", str(workers), "--blocking-threads", "200", application]
    server = psutil.Popen(command, env=os.environ | {"GREENROOM_PORT": str(port)})
    try:
        wait_for(port)
        yield f"http://localhost:{port}", server
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the web server does not answer")


def run_wrk(url: str, keys: Path, *, post: bool = False, connections: int = CONNECTIONS) -> Load:
    script = SCRIPT.read_text() + ('\nwrk.method = "POST"\n' if post else "")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{SECONDS}s",
            "--timeout",
            "20s",
            "-s",
            file.name,
            url,
        ]
        done = subprocess.run(
            [*command, "--", str(keys)], capture_output=True, text=True, check=True
        )
    lines = dict(line.split(" ", 1) for line in done.stdout.splitlines() if line[:1].isupper())
    requests, refused, broken, p50, p99 = map(float, lines["RESULT"].split())
    return Load(requests / float(lines["SECONDS"]), int(refused), int(broken), p50, p99)


def create_alone(url: str, key: str, *, count: int = 200) -> float:
    """Milliseconds of a create with nobody beside it, the median of many on one connection."""
    host, path = url.removeprefix("http://").split("/", 1)
    connection = http.client.HTTPConnection(host)
    took = []
    for _ in range(count):
        start = time.perf_counter()
        status = post(connection, f"/{path}", key)
        took.append(1000 * (time.perf_counter() - start))
        assert status == 200, status
    return statistics.median(took[20:])


def create_at_once(url: str, key: str, *, count: int) -> int:
    """How many of so many creates at once are accepted."""
    host, path = url.removeprefix("http://").split("/", 1)

    def create(_: int) -> int:
        return post(http.client.HTTPConnection(host), f"/{path}", key)

    with ThreadPoolExecutor(count) as pool:
        statuses: Sequence[int] = list(pool.map(create, range(count)))
    assert set(statuses) <= {200, 429}, statuses
    return statuses.count(200)


def post(connection: http.client.HTTPConnection, path: str, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", path, body=json.dumps(BODY), headers=headers)
    response = connection.getresponse()
    response.read()
    return response.status


if __name__ == "__main__":
    main()
