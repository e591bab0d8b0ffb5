"""From where an act comes: the address of the request that is being answered."""

from collections.abc import Callable
from contextvars import ContextVar
from ipaddress import ip_address

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

_answering: ContextVar[HttpRequest | None] = ContextVar("answering", default=None)


class OriginMiddleware:
    """Let what is done while a request is answered know the request, but for what it streams."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = _answering.set(request)
        try:
            return self._get_response(request)
        finally:
            _answering.reset(before)


def address() -> str | None:
    """Return the address of who sent the request, past the proxies that are trusted.

    The rule is the one by which sign-ins are counted. None for what no request does, and where
    the web server knows no address.
    """
    request = _answering.get()
    if request is None:
        return None
    try:
        return str(ip_address(get_adapter(request).get_client_ip(request)))
    except (PermissionDenied, ValueError):
        return None
