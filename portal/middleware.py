"""A refusal, shown to a browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.errors import PortalError


class PortalErrorMiddleware:
    """Answer a PortalError that rose from a page with a page that says it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PortalError):
            return None
        facts = {"status": exception.status, "message": exception.message, "code": exception.code}
        return render(request, "portal/error.html", facts, status=exception.status)
