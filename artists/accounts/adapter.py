"""Sign-up is closed but for an invitation; what allauth writes leads to our public address."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from artists.admissions.session import accepted_invitation


class InvitedOnlyAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return accepted_invitation(request) is not None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter whose links lead to PUBLIC_URL.

        allauth makes them of the request's Host, and any port may stand there: a link to set a new
        password would carry its key to whoever listens at that port.
        """
        links = {name: value for name, value in context.items() if name.endswith("_url")}
        ours = {name: f"{settings.PUBLIC_URL}{urlsplit(link).path}" for name, link in links.items()}
        super().send_mail(template_prefix, email, context | ours)
