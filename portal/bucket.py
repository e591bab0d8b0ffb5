"""Private files in an S3-compatible bucket: django-storages', read in ranges, its errors ours."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import IO, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from portal.errors import FilesAway
from portal.files import StoredFile

CONNECT_SECONDS, READ_SECONDS = 5, 20  # for each of TRIES
TRIES = 3
CONNECTIONS = 50
PART_BYTES = 8 * 1024 * 1024  # a larger file goes up in such parts, one at a time in memory
MISSING = ("404", "NoSuchKey")


class Bucket(S3Storage):
    """One bucket, or what begins with `location` in it. Nothing in it is public.

    Raises FileNotFoundError where a file is not there, and FilesAway where the bucket does not
    answer or refuses.
    """

    def __init__(self, **settings: Any) -> None:
        self._one = threading.Lock()
        self._connection: Any = None
        at_an_endpoint = bool(settings.get("endpoint_url"))
        super().__init__(
            client_config=Config(
                # Away from AWS hosts named after a bucket are seldom there.
                s3={"addressing_style": "path" if at_an_endpoint else "auto"},
                signature_version="s3v4",
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": TRIES},
                max_pool_connections=CONNECTIONS,
                # Not every server knows the checksums of AWS; Greenroom keeps its own.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            transfer_config=TransferConfig(
                multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False
            ),
            **settings,
        )

    @property
    def connection(self) -> Any:
        """One for all threads, for one of its own would cost each 0.2 s and 11 MB."""
        with self._one:
            if self._connection is None:
                self._connection = super().connection
            return self._connection

    def exists(self, name: str) -> bool:
        with _our_errors():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _our_errors():
            super().delete(name)

    def walk(self, top: str = "") -> Iterator[StoredFile]:
        """Yield every file below a folder, or every one that there is."""
        whole = f"{self.location}/" if self.location else ""
        below = f"{whole}{top}/" if top else whole
        pages = self.connection.meta.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=below
        )
        with _our_errors():
            for page in pages:
                for entry in page.get("Contents", ()):
                    name = entry["Key"].removeprefix(whole)
                    yield StoredFile(name, entry["LastModified"], entry["Size"])

    def _open(self, name: str, mode: str = "rb") -> File:
        with _our_errors():
            if mode != "rb":
                return super()._open(name, mode)
            key = self._normalize_name(name)
            stored: Any = Stored(self.connection.meta.client, self.bucket_name, key)
            return File(stored, name)

    def _save(self, name: str, content: IO[bytes]) -> str:
        with _our_errors():
            return str(super()._save(name, content))


class Stored(io.RawIOBase):
    """A stored file, open for reading: its bytes come from where one seeks to, as one reads.

    `identity` is of this very content: one written over it has another, and is not read on.
    """

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        self._client, self._place = client, {"Bucket": bucket, "Key": key}
        self._at = 0
        self._body: Any = None
        head = client.head_object(**self._place)
        self.size: int = head["ContentLength"]
        self.identity = (bucket, key, head["ETag"], head["LastModified"], self.size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if start + offset != self._at:
            self._let_go()
            self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self.size:
            return 0
        with _our_errors():
            if self._body is None:
                self._body = self._begin()
            block: bytes = self._body.read(len(buffer))
        buffer[: len(block)] = block
        self._at += len(block)
        return len(block)

    def close(self) -> None:
        self._let_go()
        super().close()

    def _begin(self) -> Any:
        answer = self._client.get_object(**self._place, Range=f"bytes={self._at}-")
        if answer["ETag"] != self.identity[2]:
            answer["Body"].close()
            raise FilesAway(reason="it was written over")
        return answer["Body"]

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as exc:
        code = str(exc.response["Error"].get("Code", HTTPStatus.INTERNAL_SERVER_ERROR))
        if code in MISSING:
            raise FileNotFoundError("there is no such file in the bucket") from exc
        raise FilesAway(reason=code) from exc
    except (BotoCoreError, Boto3Error, HTTPError) as exc:
        raise FilesAway(reason=type(exc).__name__) from exc
