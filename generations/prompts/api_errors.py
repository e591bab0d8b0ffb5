"""Refusals that only a program meets."""

from http import HTTPStatus

from portal.errors import PortalError


class VideoNotFound(PortalError):
    """One answer for a video that never was, was deleted, or is somebody else's (I7)."""

    code = "video_not_found"
    message = "There is no video with this id."
    status = HTTPStatus.NOT_FOUND


class VideoNotReady(PortalError):
    code = "video_not_ready"
    status = HTTPStatus.NOT_FOUND


class VideoNotFinished(PortalError):
    code = "video_not_finished"


class ModelNotFound(PortalError):
    code = "model_not_found"
    message = "There is no video model with this name, or it is not offered now."
    status = HTTPStatus.NOT_FOUND


class NotSupported(PortalError):
    """An endpoint of the shape that this API has, and not of this API."""

    code = "not_supported"
    status = HTTPStatus.NOT_FOUND


class BadIdempotencyKey(PortalError):
    code = "bad_idempotency_key"
    message = "An Idempotency-Key is 1 to 255 visible ASCII characters without spaces."
    status = HTTPStatus.BAD_REQUEST
    field = "Idempotency-Key"


class IdempotencyKeyReused(PortalError):
    code = "idempotency_key_reused"
    message = "This Idempotency-Key was sent before with another body. Use a new key for it."
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    field = "Idempotency-Key"


class IdempotencyKeySpent(PortalError):
    code = "idempotency_key_spent"
    message = "The video that this Idempotency-Key made has been deleted. Use a new key."
    status = HTTPStatus.CONFLICT
    field = "Idempotency-Key"
