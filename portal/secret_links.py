"""Links that open something without an account: a secret in the address, its SHA-256 in the row.

The secret is made of a nonce in the row and of the site's key, so that a letter about the row can
be written at any later time, and twice, with the same link; neither the row nor a copy of the
database opens anything. A new nonce makes a new link and ends the old one.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def new_nonce() -> str:
    """32 characters."""
    return secrets.token_urlsafe(24)


@sensitive_variables()
def secret_of(nonce: str, *, purpose: str) -> str:
    """The 43 characters that open what was made with a nonce, for one purpose."""
    mac = salted_hmac(f"greenroom.{purpose}", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


@sensitive_variables("secret")
def link_to(view: str, secret: str) -> str:
    """The whole address of a view that takes the secret."""
    return settings.PUBLIC_URL + reverse(view, args=[secret])


def unreferred(view: View[P]) -> View[P]:
    """Let nothing that a page loads or leads to hear its address: servers log what refers to them.

    They hear the name of the site. From a page that says nothing at all a browser sends its forms
    without an origin, and those are refused.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return answered
