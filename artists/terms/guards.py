"""The terms at the door of the pages: who has not accepted them makes nothing new."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from artists.requests import ArtistRequest
from artists.terms.errors import TermsNotAccepted
from portal.middleware import show

P = ParamSpec("P")
View = Callable[Concatenate[ArtistRequest, P], HttpResponseBase]
AnyView = TypeVar("AnyView", bound=Callable[..., HttpResponseBase])

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
OWN_ACCOUNT = (
    "account_",
    "mfa_",
    "usersessions_",
    "admin:logout",
)  # how one signs in and out, and what allauth shows


def before_terms(view: AnyView) -> AnyView:
    """Let a view be used without the terms: it answers them, or takes or removes one's own."""
    view.is_before_terms = True  # type: ignore[attr-defined]
    return view


def terms_first(view: View[P]) -> View[P]:
    """Refuse even to show a page on which something new is made."""

    @wraps(view)
    def guarded(request: ArtistRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.owes_terms:
            raise TermsNotAccepted
        return view(request, *args, **kwargs)

    return guarded


class TermsMiddleware:
    """Stand between a signed-in person who owes the terms and every view that does not say else.

    Without an answer one is led to the terms from each page; after a no one sees everything, and
    what would change something is refused. Views for the public carry `login_not_required`, those
    for taking and removing `before_terms`. The API has its own door, artists.terms.permissions.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *arguments: Any
    ) -> HttpResponse | None:
        if _is_open(request, view):
            return None
        if not request.user.is_authenticated or not request.user.owes_terms:
            return None
        if request.method not in SAFE_METHODS:
            return show(request, TermsNotAccepted())
        return _lead_to_terms(request) if request.user.owes_answer else None


def _is_open(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return (
        not getattr(view, "login_required", True)
        or getattr(view, "is_before_terms", False)
        or getattr(view, "csrf_exempt", False)  # no session opens it
        or name.startswith(OWN_ACCOUNT)
    )


def _lead_to_terms(request: HttpRequest) -> HttpResponse:
    path = reverse("artists:accept_terms")
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(path)
    return redirect(f"{path}?{urlencode({'next': request.get_full_path()})}")
