"""What may be wrong with a file that somebody sends."""

from http import HTTPStatus

from portal.errors import PortalError


class BadMedia(Exception):
    """A render that is not a sound clip. `kind` is stable; `message` is a sentence for people.

    Kinds: not_a_video, truncated, corrupt, unsupported, out_of_bounds, too_heavy, decoder_failed.
    """

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        self.message = message
        super().__init__(kind, message)

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


class BadImage(PortalError):
    code = "bad_image"
    message = "This file is not an image that can be read."
    status = HTTPStatus.BAD_REQUEST
    field = "first_image"
