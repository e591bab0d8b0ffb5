"""Refusals: what a person or a program is told when something may not be."""

from http import HTTPStatus
from typing import Any, ClassVar


class PortalError(Exception):
    """A refusal that is part of the product.

    `message` is for the person and may be given anew for the occasion; `code` is for API clients
    and never changes; `status` is the HTTP status; `field` names the input that it concerns;
    `facts` are for whoever answers: `resets_at` becomes the API's Retry-After, and so does
    `retry_after_seconds`, which says besides that to ask again then helps. Middleware shows it to
    a browser, the API's exception handler to a program.
    """

    code: ClassVar[str] = "refused"
    message: str = "This is not possible."
    status: ClassVar[int] = HTTPStatus.CONFLICT
    field: str | None = None

    def __init__(self, message: str = "", *, field: str | None = None, **facts: Any) -> None:
        if message:
            self.message = message
        if field is not None:
            self.field = field
        self.facts = facts
        super().__init__(self.message)
