"""What each request of somebody signed in leaves behind and finds."""

import hashlib
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from artists.accounts.zones import zone_of

SEEN_SECONDS = 300


class SessionSeenMiddleware:
    """Note when, from where and with what a session is used, once in five minutes at most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated and mark(request.session):
            UserSession.objects.create_from_request(request)
        return self._get_response(request)


class TimeZoneMiddleware:
    """Show times, and read them, in the time zone that somebody chose; the programme's else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = None
        if request.session.session_key and request.user.is_authenticated:
            zone = zone_of(request.user)
        with timezone.override(zone):
            return self._get_response(request)


def mark(session: SessionBase) -> bool:
    """Mark a session as seen; False means that it was less than five minutes ago."""
    key = hashlib.sha256(str(session.session_key).encode()).hexdigest()
    return cache.add(f"session-seen:{key}", 1, timeout=SEEN_SECONDS)


def mark_new(*, request: HttpRequest, **signal: object) -> None:
    """Signing in is a use: whoever signs in has just been noted."""
    mark(request.session)
