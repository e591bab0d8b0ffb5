"""Links that open something without an account: a secret in the address, its SHA-256 in the row.

The secret is made of a nonce in the row and of the site's key, so that a letter about the row can
be written at any later time, and twice, with the same link; neither the row nor a copy of the
database opens anything. A new nonce makes a new link and ends the old one.
"""

import base64
import hashlib
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables


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
