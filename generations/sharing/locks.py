"""Who gets past the password of a share: by a cookie of that one page."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse

from artists.access.networks import client_address, network_of, site_of
from artists.access.second_factor import shows_second_factor
from generations.models import Share
from portal.throttling import TooHasty, is_within

COOKIE = "share_key"
IN_FOR_SECONDS = 12 * 3600
IN_SECONDS = 600
GUESSES_OF_ONE = 10  # in so many seconds, from one network
GUESSES_OF_SITE = 50  # who holds all networks of a site does not have those of all by them
GUESSES_OF_ALL = 2000  # at one share: many networks at once, who each had theirs
MAY_SEE = "generations.review_submission"


def may_see(request: HttpRequest, share: Share) -> bool:
    """Say whether somebody may see a standing share: all may where there is no password.

    Its artist needs none, nor does who reviews: a report of it must be looked into.
    """
    if not share.is_locked:
        return True
    if request.get_signed_cookie(COOKIE, "", salt=_salt_of(share), max_age=IN_FOR_SECONDS):
        return True
    if request.user.pk == share.submission.artist_id:
        return True
    return request.user.has_perm(MAY_SEE) and shows_second_factor(request)


def is_right(request: HttpRequest, share: Share, password: str) -> bool:
    """Compare a guess, once it is known to be one of few. Raises TooHasty."""
    address = client_address(request)
    counts = {  # of which each counts what those before it let through
        f"share:{share.pk}:{network_of(address)}": GUESSES_OF_ONE,
        f"share:{share.pk}:site:{site_of(address)}": GUESSES_OF_SITE,
        f"share:{share.pk}": GUESSES_OF_ALL,
    }
    if not all(is_within(key, at_most=cap, seconds=IN_SECONDS) for key, cap in counts.items()):
        raise TooHasty(retry_after_seconds=IN_SECONDS)
    return check_password(password, share.password)


def let_in(answer: HttpResponse, share: Share) -> None:
    """Let this browser in for some hours, or until the password is another."""
    answer.set_signed_cookie(
        COOKIE,
        "in",
        salt=_salt_of(share),
        max_age=IN_FOR_SECONDS,
        path=share.get_absolute_url(),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _salt_of(share: Share) -> str:
    """What the cookie is signed for: one share with one password."""
    return f"generations.sharing.locks:{share.pk}:{share.password}"
