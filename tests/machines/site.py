"""One site as docs/running has it: nginx, two webs, the workers of two machines, two schedules.

The commands are those of the units and nginx.conf is the example's, on free ports. The second
schedule is there as it would be by mistake.
"""

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.machines.brokers import found
from tests.machines.example import EXAMPLE, Example, bin_folder, read_environment
from tests.machines.programme import Api, tokens
from tests.services import servers
from tests.services.packages import NGINX, OPENSSL, POSTGRES, REDIS
from tests.services.portal import MANAGE, ROOT

HOST = "greenroom.example"
SECONDS = 120
WORKERS = ("steps", "creates", "files", "media")
AROUND = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Site:
    example: Example
    ports: dict[str, int]
    webs: list[psutil.Popen]
    machines: list[list[psutil.Popen]]
    artist: Api
    stranger: Api

    def client(self, **options: Any) -> httpx.Client:
        """A browser of somebody unknown, by way of nginx."""
        return httpx.Client(**reach(self.example.folder, self.ports["https"]), **options)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < deadline, self.example.logs()
            time.sleep(0.2)

    def make(self, prompt: str) -> str:
        """Bring one prompt to its end, and return its id."""
        video_id = self.artist.create(prompt)
        self.wait_until(lambda: self.artist.has_ended(video_id))
        assert self.artist.video(video_id)["status"] == "completed", self.example.logs()
        return video_id

    def jobs(self, prompt: str) -> int:
        """How many jobs the video model has had for a prompt."""
        home = Path(self.example.environment["GREENROOM_HOME"])
        return sum(prompt in job.read_text() for job in home.glob("sketch/video_*/job.json"))

    def python(self, text: str, *arguments: str) -> str:
        """Run a text of Python in the portal's own environment, and return what it prints."""
        command = [sys.executable, "-c", f"import sys, django; django.setup()\n{text}", *arguments]
        environment = {**os.environ, **self.example.environment}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def manage(self, *arguments: str) -> None:
        environment = {**os.environ, **self.example.environment}
        subprocess.run([*MANAGE, *arguments], env=environment, check=True)


@contextmanager
def running_site(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Site]:
    with ExitStack() as stack:
        database = stack.enter_context(servers.postgres(found(POSTGRES)))
        redis = stack.enter_context(servers.redis_server(found(REDIS)))
        names = ("http", "https", "8001", "8002", "sketch")
        ports = {name: servers.free_port() for name in names}
        own = {
            "GREENROOM_DATABASE_URL": servers.create_database(database, "site"),
            "GREENROOM_BROKER_URL": f"{redis}/0",
            "GREENROOM_CACHE_URL": f"{redis}/1",
            "GREENROOM_EMAIL_URL": "filemail://",
            "GREENROOM_PROVIDERS": "sketch",
        }
        example = make_example(folder, own, ports)
        example.environment = {**example.environment, **(settings or {})}
        stack.callback(example.stop)
        yield start(example, ports)


def make_example(folder: Path, own: dict[str, str], ports: dict[str, int]) -> Example:
    """Give the example its places, and the settings that whoever sets it up has to choose."""
    certificate, key = make_certificate(folder)
    places = {
        "/opt/greenroom/.venv/bin": bin_folder(),
        "/opt/greenroom": str(ROOT),
        "/var/lib/greenroom": str(folder / "home"),
        "/srv/greenroom/media": str(folder / "media"),
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(certificate),
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(key),
        "127.0.0.1:8001": f"127.0.0.1:{ports['8001']}",
        "127.0.0.1:8002": f"127.0.0.1:{ports['8002']}",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{ports['http']};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{ports['https']} ssl http2;",
    }
    given = read_environment(EXAMPLE / "greenroom.env")
    assert own.keys() <= given.keys()
    example = Example(folder, places)
    placed = {name: example.placed(value) for name, value in given.items()}
    example.environment = placed | own | {"GREENROOM_SKETCH_PORT": str(ports["sketch"])}
    return example


def make_certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [str(found(OPENSSL)), "req", "-x509", "-newkey", "ec", "-nodes", "-days", "1"]
    command += ["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", f"/CN={HOST}"]
    command += ["-out", str(certificate), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def start(example: Example, ports: dict[str, int]) -> Site:
    example.run("greenroom-migrate.service")
    webs = [example.start("greenroom-web@.service", str(ports[name])) for name in ("8001", "8002")]
    machines = [[example.start(f"greenroom-{name}.service") for name in WORKERS] for _ in range(2)]
    for _ in range(2):
        example.start("greenroom-beat.service")
    example.spawn([*MANAGE, "sketch"], name="sketch")
    start_nginx(example)
    how = reach(example.folder, ports["https"])
    url = how.pop("base_url")
    made = tokens({**os.environ, **example.environment})
    site = Site(example, ports, webs, machines, *(Api(url, token, **how) for token in made))
    with site.client() as http:
        site.wait_until(lambda: answers(http))
    return site


def start_nginx(example: Example) -> None:
    folder = example.folder
    conf = folder / "nginx.conf"
    conf.write_text(AROUND.format(folder=folder, user="user root;" if os.geteuid() == 0 else ""))
    (folder / "site.conf").write_text(example.placed((EXAMPLE / "nginx.conf").read_text()))
    example.spawn([str(found(NGINX)), "-e", "stderr", "-c", str(conf)], name="nginx")


def reach(folder: Path, port: int) -> dict[str, Any]:
    """Return the options with which httpx reaches a site that the names of the net do not know."""
    trusted = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
    trusted.check_hostname = False
    return {
        "base_url": f"https://127.0.0.1:{port}",
        "headers": {"Host": HOST},
        "verify": trusted,
        "timeout": SECONDS,
    }


def answers(http: httpx.Client) -> bool:
    try:
        return http.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False
