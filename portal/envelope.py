"""The one shape in which a program is told that something may not be."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils import timezone
from rest_framework import exceptions

from portal.errors import PortalError

# The clients of this API's shape retry 409, 429 and 5xx by themselves, but for these words.
NO_RETRY = {"x-should-retry": "false"}
RETRY = {"x-should-retry": "true"}
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Greenroom"'}  # a 401 has one (RFC 9110, 15.5.2)


class BodyTooLarge(PortalError):
    code = "body_too_large"
    message = "The body of this request is larger than this endpoint takes."
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class LengthRequired(PortalError):
    """WSGI gives a body as long as its Content-Length says, and none without one."""

    code = "length_required"
    message = "Send this body whole, with a Content-Length, not in chunks."
    status = HTTPStatus.LENGTH_REQUIRED


@dataclass(frozen=True)
class Refusal:
    """A refusal on its way out: `code` is stable, `param` names the input that it is about.

    `told` are further keys of the error, for a program.
    """

    status: int
    message: str
    code: str
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)

    def envelope(self, param_names: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the body; `param_names` gives the API's names where our fields differ."""
        param = (param_names or {}).get(self.param or "", self.param)
        error = {"message": self.message, "type": self.type, "param": param, "code": self.code}
        return {"error": error | dict(self.told)}

    @property
    def type(self) -> str:
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return "rate_limit_error"
        ours = self.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return "server_error" if ours else "invalid_request_error"


def read_refusal(exc: Exception) -> Refusal | None:
    """Read the refusal from what rose; None where nobody meant to refuse anything."""
    match exc:
        case PortalError():
            return _from_portal_error(exc)
        case exceptions.APIException():
            return _from_api_exception(exc)
        case RequestDataTooBig():
            return _from_portal_error(BodyTooLarge())
        case SuspiciousOperation():
            return Refusal(HTTPStatus.BAD_REQUEST, "This request is malformed.", "bad_request")
        case Http404():
            return Refusal(HTTPStatus.NOT_FOUND, "There is nothing at this address.", "not_found")
        case PermissionDenied():
            return Refusal(HTTPStatus.FORBIDDEN, "You may not do this.", "permission_denied")
    return None


def _from_portal_error(exc: PortalError) -> Refusal:
    headers = dict(NO_RETRY)  # a refusal is an answer: asking again at once changes nothing
    if exc.resets_at:
        headers["Retry-After"] = _whole_seconds((exc.resets_at - timezone.now()).total_seconds())
    if exc.retry_after_seconds:
        headers |= RETRY | {"Retry-After": _whole_seconds(exc.retry_after_seconds)}
    if exc.status == HTTPStatus.UNAUTHORIZED:
        headers |= CHALLENGE
    return Refusal(exc.status, exc.message, exc.code, exc.field, headers, exc.told)


def _from_api_exception(exc: exceptions.APIException) -> Refusal:
    param, message, code = _first_detail(exc.detail)
    headers = dict(NO_RETRY)
    if isinstance(exc, exceptions.NotAuthenticated):
        message = "Send a token of yours as “Authorization: Bearer grm_…”."
    if isinstance(exc, exceptions.Throttled):
        code = "rate_limit_exceeded"
        headers |= RETRY | {"Retry-After": _whole_seconds(getattr(exc, "wait", None) or 0)}
    if exc.status_code == HTTPStatus.UNAUTHORIZED:
        headers |= CHALLENGE
        unnamed = code in {"not_authenticated", "authentication_failed"}
        code = "invalid_api_key" if unnamed else code
    return Refusal(exc.status_code, message, code, param, headers)


def _whole_seconds(seconds: float) -> str:
    return str(max(1, math.ceil(seconds)))


def _first_detail(detail: Any, param: str | None = None) -> tuple[str | None, str, str]:
    """Return the first of a tree of messages: the input it is about, its text and its code."""
    if isinstance(detail, Mapping):
        name, inner = next(iter(detail.items()))
        return _first_detail(inner, param if name == "non_field_errors" else str(name))
    if isinstance(detail, list):
        return _first_detail(detail[0], param)
    return param, str(detail), detail.code
