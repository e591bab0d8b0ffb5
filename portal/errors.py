"""Refusals: what a person or a program is told when something may not be."""

from http import HTTPStatus
from typing import Any, ClassVar, NamedTuple


class WayOn(NamedTuple):
    """A link that a refusal offers: where it leads, and what it says."""

    address: str
    words: str


RETRY_FILES_SECONDS = 10


class PortalError(Exception):
    """A refusal that is part of the product.

    `message` is for the person and may be given anew for the occasion; `in_form`, where a kind has
    it, is what a form says instead, which shows the rest itself; `code` is for API clients and
    never changes; `status` is the HTTP status; `field` names the input that it concerns;
    `facts` are for whoever answers: `resets_at` becomes the API's Retry-After, and so does
    `retry_after_seconds`, which says besides that to ask again then helps; `told` are further keys
    of the API's error; `way_on`, a WayOn, is the link that a page offers. Middleware shows it to a
    browser, the API's exception handler to a program.
    """

    code: ClassVar[str] = "refused"
    message: str = "This is not possible."
    in_form: ClassVar[str] = ""
    status: ClassVar[int] = HTTPStatus.CONFLICT
    field: str | None = None

    def __init__(self, message: str = "", *, field: str | None = None, **facts: Any) -> None:
        if message:
            self.message = message
        if field is not None:
            self.field = field
        self.facts = facts
        super().__init__(self.message)


class FilesAway(PortalError, OSError):
    """The storage of the files does not answer, or refuses; `facts["reason"]` says why.

    An OSError too: work in the background takes it for a full disk, and is tried again.
    """

    code = "files_away"
    message = "The files cannot be reached at the moment. Please try again in a little while."
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, message: str = "", *, reason: str) -> None:
        super().__init__(message, retry_after_seconds=RETRY_FILES_SECONDS, reason=reason)
