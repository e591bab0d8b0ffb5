"""Second factors for tests: an app with a known key, and sessions that showed it."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from artists.models import Artist

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_app(person: Artist) -> Authenticator:
    """Give somebody an authenticator app, whose key is KEY."""
    return TOTP.activate(person, KEY).instance


def code_now(key: str = KEY, *, steps_ahead: int = 0) -> str:
    """The code that an app shows now, or so many half minutes from now."""
    return format_hotp_value(hotp_value(key, int(time.time()) // 30 + steps_ahead))


def show_factors(client: Client, person: Artist) -> None:
    """Let the session of a client have shown every second factor that its person has."""
    records = [
        {"method": "mfa", "at": time.time(), "id": one.pk, "type": one.type}
        for one in Authenticator.objects.filter(user=person)
    ]
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.save()


def say_who(client: Client, person: Artist) -> None:
    """Let somebody have said just now, in the session of a client, who they are."""
    session = client.session
    said = {"method": "password", "at": time.time(), "reauthenticated": True}
    before = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [*before, said]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.save()


class FullClient(Client):
    """Signs in as people do who show whatever second factor they have."""

    def force_login(self, user: Artist, backend: str | None = None) -> None:
        super().force_login(user, backend)
        show_factors(self, user)
