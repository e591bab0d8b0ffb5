"""A private S3-compatible server on a free port of this machine; its buckets are in its memory."""

import io
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import boto3
import httpx
from botocore.awsrequest import AWSResponse
from django.core.files.storage import default_storage
from urllib3 import HTTPResponse

from portal.environment import Environment
from tests.services.servers import free_port, private_folder, running

BUCKET = "greenroom-files"


@dataclass(frozen=True)
class S3:
    """The address of a server, and a client of its own that sees what it really keeps."""

    url: str

    @property
    def client(self) -> Any:
        session = boto3.Session("tests", "secret-of-the-tests", region_name="us-east-1")
        return session.client("s3", endpoint_url=self.url)

    def settings(self, prefix: str = "") -> dict[str, str]:
        """Return the settings of a portal that keeps its files there."""
        return {
            "GREENROOM_MEDIA": f"s3://{BUCKET}/{prefix}",
            "GREENROOM_S3_ENDPOINT": self.url,
            "GREENROOM_S3_REGION": "us-east-1",
            "GREENROOM_S3_ACCESS_KEY": "tests",
            "GREENROOM_S3_SECRET_KEY": "secret-of-the-tests",
        }


class Files:
    """The files of the portal under test, under a prefix of their own in the bucket."""

    def __init__(self, server: S3, settings: Any, environment: Any) -> None:
        self.client, self.prefix = server.client, secrets.token_hex(8)
        for name, value in server.settings(self.prefix).items():
            environment.setenv(name, value)
        self._settings = settings
        self._storage = Environment().files("MEDIA", default=settings.HOME)
        self._use(self._storage["OPTIONS"])

    def names(self) -> set[str]:
        """What really lies there."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=BUCKET, Prefix=f"{self.prefix}/"
        )
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
        return {key.removeprefix(f"{self.prefix}/") for key in keys}

    def place(self, name: str) -> dict[str, str]:
        return {"Bucket": BUCKET, "Key": f"{self.prefix}/{name}"}

    @contextmanager
    def away(self, **options: str) -> Iterator[None]:
        """Let nobody listen where the server is, or let `options` be other ones meanwhile."""
        nobody = {"endpoint_url": f"http://127.0.0.1:{free_port()}"}
        self._use(self._storage["OPTIONS"] | (options or nobody))
        try:
            yield
        finally:
            self._use(self._storage["OPTIONS"])

    @contextmanager
    def full(self) -> Iterator[None]:
        """Let the server take nothing more, and give what it has."""
        storage: Any = default_storage
        events = storage.connection.meta.client.meta.events
        nothing = HTTPResponse(io.BytesIO(), preload_content=False)
        refuse = partial(AWSResponse, self.client.meta.endpoint_url, 507, {}, raw=nothing)
        events.register("before-send.s3.PutObject", lambda **_: refuse())
        try:
            yield
        finally:
            self._use(self._storage["OPTIONS"])

    def _use(self, options: dict[str, Any]) -> None:
        storage = self._storage | {"OPTIONS": options}
        self._settings.STORAGES = self._settings.STORAGES | {"default": storage}


@contextmanager
def s3_server() -> Iterator[S3]:
    """Run one, with an empty bucket, until the block ends."""
    with private_folder() as folder:
        port = free_port()
        server = S3(f"http://127.0.0.1:{port}")
        command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
        with running(command, folder=folder, answers=lambda: answers(server)):
            server.client.create_bucket(Bucket=BUCKET)
            yield server


def answers(server: S3) -> bool:
    try:
        return httpx.get(f"{server.url}/moto-api/", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
