"""The embedded broker: kombu's filesystem transport, with messages written and taken atomically.

The transport of kombu 5.7 writes a message in place, so that a reader can take half of one and
end its worker (celery/kombu issue 1551); its tables of queues have the same fault. Here is no
table, and a message appears whole, by rename, is taken by whoever unlinks it, and lies in the
folder of its queue, so that a flood in one costs the others nothing. Messages are named by the
wall clock, so that their order outlives a reboot. A message lost with its worker costs nothing:
the row is the truth, and the sweep finds it.
"""

import os
import shutil
import time
import uuid
from collections import defaultdict, deque
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads

SUFFIX = ".msg"


class Channel(filesystem.Channel):
    supports_fanout = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen: defaultdict[str, deque[str]] = defaultdict(deque)  # names, oldest first

    def _put(  # type: ignore[override]  # kombu names the argument in two ways
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        folder = self._folder(queue)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}"
        draft = folder / f"{name}.part"
        draft.write_bytes(str_to_bytes(dumps(payload)))
        os.replace(draft, folder / f"{name}{SUFFIX}")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder, seen = self._folder(queue), self._seen[queue]
        if not seen:
            seen.extend(sorted(self._names(queue)))
        while seen:
            path = folder / seen.popleft()
            try:
                payload = path.read_bytes()
                path.unlink()
            except FileNotFoundError:
                continue  # another worker was faster
            return loads(bytes_to_str(payload))
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        names = self._names(queue)
        for name in names:
            (self._folder(queue) / name).unlink(missing_ok=True)
        return len(names)

    def _delete(self, queue: str, *args: Any, **kwargs: Any) -> None:
        shutil.rmtree(self._folder(queue), ignore_errors=True)

    def _queue_bind(self, *args: Any) -> None:
        """Keep no table: a message names its queue, and nothing goes to everybody."""

    def get_table(self, exchange: str) -> list[Any]:
        return []

    def _names(self, queue: str) -> list[str]:
        try:
            return [name for name in os.listdir(self._folder(queue)) if name.endswith(SUFFIX)]
        except FileNotFoundError:
            return []

    def _folder(self, queue: str) -> Path:
        return Path(self.data_folder_out) / queue


class Transport(filesystem.Transport):
    Channel = Channel
    default_connection_params: ClassVar[dict[str, Any]] = {}  # a folder has no host to default to


TRANSPORT_ALIASES["folder"] = "portal.broker:Transport"
