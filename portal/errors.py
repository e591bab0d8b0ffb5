"""Refusals: what a person or a program is told when something may not be."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import ClassVar, NamedTuple


class WayOn(NamedTuple):
    """A link that a refusal offers: where it leads, and what it says."""

    address: str
    words: str


class PortalError(Exception):
    """A refusal that is part of the product.

    `message` is for the person and may be given anew for the occasion; `in_form`, where a kind has
    it, is what a form says instead, which shows the rest itself; `code` is for API clients and
    never changes; `status` is the HTTP status; `field` names the input that it concerns;
    `resets_at` becomes the API's Retry-After, and so does `retry_after_seconds`, which says besides
    that to ask again then helps; `told` are further keys of the API's error; `way_on` is the link
    that a page offers. Middleware shows it to a browser, the API's exception handler to a program.
    """

    code: ClassVar[str] = "refused"
    message: str = "This is not possible."
    in_form: ClassVar[str] = ""
    status: ClassVar[int] = HTTPStatus.CONFLICT
    field: str | None = None
    resets_at: datetime | None = None
    retry_after_seconds: float | None = None
    told: Mapping[str, str] = {}
    way_on: WayOn | None = None

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        if message:
            self.message = message
        if field is not None:
            self.field = field
        super().__init__(self.message)


class FilesAway(PortalError, OSError):
    """The storage of the files does not answer, or refuses; `reason` says why, for the log.

    An OSError too: work in the background takes it for a full disk, and is tried again.
    """

    code = "files_away"
    message = "The files cannot be reached at the moment. Please try again in a little while."
    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after_seconds = 10

    def __init__(self, *, reason: str) -> None:
        super().__init__()
        self.reason = reason
