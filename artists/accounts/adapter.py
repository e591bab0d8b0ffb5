"""Sign-up is closed but for an invitation; what allauth writes leads to our public address."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from artists.admissions.session import accepted_invitation

PASSKEY = "mfa_reauthenticate:webauthn"
WORDS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code of your app, or a recovery code",
    PASSKEY: "Use a passkey",
}


class InvitedOnlyAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This address and this password do not belong together. "
        "Try again, or have a code sent to you by e-mail.",
        "incorrect_code": "No such code is open: it is mistyped, or its time is over. "
        "Look at it once more, or ask for a new one.",
        "duplicate_email": "This e-mail address is yours already.",
        "email_taken": "Somebody has an account with this e-mail address already.",
        "max_email_addresses": "You cannot add more than %d e-mail addresses.",
        "unverified_primary_email": "First confirm your e-mail address.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return accepted_invitation(request) is not None

    def is_safe_url(self, url: str) -> bool:
        """Whether an address is of this site, without naming any: ALLOWED_HOSTS names localhost
        too, which in somebody's browser is their own machine."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        """Ask somebody who has a second factor for that one: a password may be known to others.

        A passkey before a code, which a page of its own may wheedle out of people.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        factors.sort(key=lambda method: method["id"] != PASSKEY)
        return [method | {"description": WORDS[method["id"]]} for method in factors or methods]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter whose links lead to PUBLIC_URL.

        allauth makes them of the request's Host, and any port may stand there: a link to set a new
        password would carry its key to whoever listens at that port.
        """
        links = {name: value for name, value in context.items() if name.endswith("_url")}
        ours = {name: f"{settings.PUBLIC_URL}{urlsplit(link).path}" for name, link in links.items()}
        super().send_mail(template_prefix, email, context | ours)
