"""The embedded broker: kombu's filesystem transport, with messages written atomically.

The transport of kombu 5.7 writes a message in place, so that a reader can take half of one and
end its worker (celery/kombu issue 1551). Here a message appears whole, by rename. Messages are
named by the wall clock, so that their order outlives a reboot. A message lost with its worker
costs nothing: the row is the truth, and the sweep finds it.
"""

import os
import time
import uuid
from pathlib import Path
from typing import Any, ClassVar

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(  # type: ignore[override]  # kombu names the argument in two ways
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        draft = folder / f"{name}.part"
        draft.write_bytes(str_to_bytes(dumps(payload)))
        os.replace(draft, folder / name)


class Transport(filesystem.Transport):
    Channel = Channel
    default_connection_params: ClassVar[dict[str, Any]] = {}  # a folder has no host to default to


TRANSPORT_ALIASES["folder"] = "portal.broker:Transport"
