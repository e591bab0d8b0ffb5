"""What every page goes through: refusals in words, bodies that are too large, private pages."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.envelope import BodyTooLarge
from portal.errors import PortalError


class BodyLimitMiddleware:
    """Refuse a body that is too large before anybody reads it.

    CsrfViewMiddleware reads a form, files and all, before the view asks who sends it, so that
    anybody could fill the disk. A visitor may send what memory takes, settings.BODY_MAX_BYTES may
    come from somebody signed in, and WSGI gives a body without a length to nobody. A view that is
    exempt from CSRF sees to it by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *arguments: Any
    ) -> HttpResponse | None:
        if getattr(view, "csrf_exempt", False):
            return None  # nobody reads before the view: ApiView knows who sends by then
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        if length <= settings.BODY_MAX_BYTES and request.user.is_authenticated:
            return None
        return show(request, BodyTooLarge("This is larger than what may be sent here."))


class PrivatePagesMiddleware:
    """Let no browser keep a page of a session: *Back* shows none of it after signing out.

    A page that says itself how it is kept goes as it is: files, and what is for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class PortalErrorMiddleware:
    """Answer a PortalError that rose from a page with a page that says it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return show(request, exception) if isinstance(exception, PortalError) else None


def show(request: HttpRequest, refusal: PortalError) -> HttpResponse:
    facts = {
        "status": refusal.status,
        "message": refusal.message,
        "code": refusal.code,
        "way_on": refusal.way_on,
    }
    return render(request, "portal/error.html", facts, status=refusal.status)
