"""Where somebody is signed in, and ending it."""

from dataclasses import dataclass

from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from artists.models import Artist

SHOWN_MAX = 50
BROWSERS = {  # what stands in a User-Agent, most telling first, and what people call it
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "a Mac",
    "CrOS": "a Chromebook",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Place:
    """One browser in which somebody is signed in."""

    session: UserSession
    browser: str
    is_this: bool


def places(artist: Artist, *, session_key: str | None) -> list[Place]:
    """Where somebody is signed in now, the last used first; `session_key` is of who asks."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = UserSession.objects.filter(user=artist, session_key__in=alive)
    newest = rows.order_by("-last_seen_at", "-pk")[:SHOWN_MAX]
    return [
        Place(row, say_browser(row.user_agent), is_this=row.session_key == session_key)
        for row in newest
    ]


def say_browser(user_agent: str) -> str:
    """Return what people call a browser and its system, as in “Firefox on Windows”."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "A browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def end_others(*, request: HttpRequest, user: Artist, **signal: object) -> None:
    """End every other session of somebody, as a new password does."""
    end_other_sessions(request, user)


def end_all(artist: Artist) -> None:
    """Sign somebody out wherever they are signed in.

    A session says inside only whose it is, so that all of them are read: the list of places knows
    those alone that began at the sign-in page.
    """
    mine = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(artist.pk)
    ]
    Session.objects.filter(pk__in=mine).delete()
    UserSession.objects.filter(user=artist).delete()


def tidy() -> None:
    """Forget sessions that are over, and from where they were used."""
    over = Session.objects.filter(expire_date__lte=timezone.now())
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    UserSession.objects.filter(~Exists(alive)).delete()
    over.delete()
