"""Second factors in our words: whom they are for, and how their secrets are kept."""

import base64
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from artists.access.second_factor import FACTORS
from artists.models import Artist

SALT = "greenroom.second-factor"


class FactorAdapter(DefaultMFAAdapter):
    """Secrets lie encrypted under SECRET_KEY, so that a copied database signs nobody in.

    A passkey is bound to the host of PUBLIC_URL, whatever Host a request names.
    """

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code does not fit, or was used already. "
        "Enter the one that your app shows now, or a recovery code.",
        "unverified_email": "First confirm your e-mail address, on the page “E-mail address” "
        "of your menu: a second factor guards an address that is yours.",
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text).decode()

    def get_totp_issuer(self) -> str:
        return settings.PROGRAMME_NAME

    def build_totp_svg(self, url: str) -> str:
        """The square as an element of a page: without the declaration of a file."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = urlsplit(settings.PUBLIC_URL).hostname or ""
        return {"id": host, "name": settings.PROGRAMME_NAME}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "My passkey" if number == 1 else f"My passkey {number}"


def note_new_factor(
    *, request: HttpRequest, user: Artist, authenticator: Authenticator, **signal: object
) -> None:
    """Count a second factor as shown where it is set up: its code or its touch was just asked."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac(SALT, "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
