"""Who may enter: to a person who may not, the address does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBase

from artists.access.second_factor import require_second_factor
from artists.requests import ArtistRequest

P = ParamSpec("P")


View = Callable[Concatenate[ArtistRequest, P], HttpResponseBase]


def signed_in_or_404(view: View[P]) -> View[P]:
    """Let in whoever is signed in; a visitor gets 404, on a page that offers to sign in.

    For addresses that name something of somebody's: a way to sign in would say that it is there.
    """

    @wraps(view)
    def guarded(request: ArtistRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def with_permission(permission: str) -> Callable[[View[P]], View[P]]:
    """Let in whoever holds the permission; visitors sign in first, others get 404.

    Permissions are what roles give, so it takes a second factor too: without one, 403 and the way
    to set it up.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: ArtistRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise Http404
            require_second_factor(request)
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return guard


def said_who_they_are(view: View[P]) -> View[P]:
    """Let a POST in from whoever said in the last minutes who they are, by password or factor.

    Others are asked, and their POST goes on by itself afterwards.
    """
    guard = reauthentication_required(enabled=lambda request: request.method == "POST")
    guarded: View[P] = guard(view)
    return guarded
