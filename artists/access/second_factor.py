"""Reviewers and managers act in sessions alone that showed a second factor they still have."""

from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from artists.access.errors import SecondFactorNeeded
from artists.models import Artist
from portal.errors import WayOn

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
WAIVED = "second_factor_waived"  # the session of a demo's one-click sign-in


def has_second_factor(artist: Artist) -> bool:
    """Say whether somebody has one; recovery codes only stand in for another."""
    return Authenticator.objects.filter(user=artist, type__in=FACTORS).exists()


def shows_second_factor(request: HttpRequest) -> bool:
    """Say whether this session showed a second factor that the person still has.

    Read from the database on each request: one that is removed counts for no session any more.
    """
    if settings.DEMO and request.session.get(WAIVED):
        return True
    records = get_authentication_records(request, request.user)
    shown = [record["id"] for record in records if record["method"] == "mfa"]
    return bool(shown) and Authenticator.objects.filter(user=request.user, pk__in=shown).exists()


def require_second_factor(request: HttpRequest) -> None:
    """Raise SecondFactorNeeded, with the way to set one up or to show it."""
    if shows_second_factor(request):
        return
    if has_second_factor(request.user):  # type: ignore[arg-type]  # somebody signed in
        way_on = WayOn(
            f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}",
            "Show your second factor",
        )
        words = "You signed in here without your second factor. Show it, and go on."
        raise SecondFactorNeeded(words, way_on=way_on)
    raise SecondFactorNeeded(way_on=WayOn(reverse("mfa_index"), "Set up a second factor"))
