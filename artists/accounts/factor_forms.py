"""allauth's forms for second factors, in our words and within bounds."""

import struct
from typing import Any
from urllib.parse import urlsplit

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import parse_authentication_response
from django import forms
from django.conf import settings
from django.core.cache import cache
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from artists.accounts.words import OurWords
from artists.models import Artist
from portal.administration import PlainDecoder
from portal.texts import refuse_odd_characters

NAME_MAX = 60
PASSKEYS_MAX = 20
DEFAULT_PORTS = {"http": 80, "https": 443}
CREDENTIAL_MAX = 20_000  # characters; a passkey with an attestation of three certificates has 6,000
NO_PASSKEY = "This is not what a passkey answers. Please try again."
MISFIT = (
    "This code does not fit. Enter the one that the app shows now, and look at its device’s clock."
)


# What fido2 raises for what it cannot read: texts, base64, JSON and CBOR of any shape.
UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


class CredentialField(forms.JSONField):
    """What a browser answers for a passkey, made or used on a page of PUBLIC_URL.

    A browser makes the answer for pages of subdomains and of other ports too; only the origin in
    it tells. Source: W3C WebAuthn level 3, 5.1 (toJSON of PublicKeyCredential) and 13.4.9.
    """

    widget = forms.HiddenInput

    def __init__(self, answer: type[AuthenticationResponse | RegistrationResponse]) -> None:
        super().__init__(decoder=PlainDecoder)
        self._answer = answer

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > CREDENTIAL_MAX:
            raise forms.ValidationError("This passkey is larger than what can be kept here.")
        read = super().to_python(value)
        try:
            origin = _origin(self._answer.from_dict(read).response.client_data.origin)
        except UNREADABLE as error:
            raise forms.ValidationError(NO_PASSKEY) from error
        if origin != _origin(settings.PUBLIC_URL):
            raise forms.ValidationError(NO_PASSKEY)
        return read


class PasskeyForm(AuthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class PasskeyAgainForm(ReauthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class PasskeyAloneForm(LoginWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)

    def clean_credential(self) -> Authenticator:
        """Refuse a passkey that asked for a touch alone, whoever's it was.

        allauth asks for more where this sign-in begins, and believes any challenge of the session:
        that of a second step asks for no more.
        """
        answer = parse_authentication_response(self.cleaned_data["credential"])
        if not answer.response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_credential()


class AppCodeOnce(forms.Form):
    """A code of an app works once in all the time in which it would be taken (RFC 6238, 5.2).

    allauth remembers it for one period, and takes codes of MFA_TOTP_TOLERANCE periods around.
    """

    user: Artist
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of allauth's form
        is_of_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_of_app and not _is_first_use(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OurWords, AppCodeOnce, AuthenticateForm):
    labels = {"code": "Code from your app, or a recovery code"}


class CodeAgainForm(OurWords, AppCodeOnce, ReauthenticateForm):
    labels = {"code": "Code from your app, or a recovery code"}


class SetUpAppForm(OurWords, ActivateTOTPForm):
    labels = {"code": "The code that the app shows"}

    def clean_code(self) -> str:
        """Say what helps before there are recovery codes."""
        try:
            code: str = super().clean_code()
        except forms.ValidationError as error:
            if error.code != "incorrect_code":
                raise
            raise forms.ValidationError(MISFIT, code=error.code) from error
        if not _is_first_use(self.user, code):
            raise forms.ValidationError(MISFIT)
        return code


class AddPasskeyForm(OurWords, AddWebAuthnForm):
    """What a browser made of a new passkey, and a name by which its owner knows it again."""

    name = forms.CharField(
        label="Name",
        required=False,
        max_length=NAME_MAX,
        validators=[refuse_odd_characters],
        help_text="The device or the key it is on, so that you know it again.",
    )
    passwordless = forms.BooleanField(
        label="Sign in with it alone",
        required=False,
        initial=True,
        help_text="It then asks for your finger, face or PIN. Without it, the passkey is a second "
        "step after a password or a code.",
    )
    credential = CredentialField(RegistrationResponse)
    field_order = ["name", "passwordless", "credential"]

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        passkeys = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.WEBAUTHN)
        if passkeys.count() >= PASSKEYS_MAX:
            raise forms.ValidationError(f"You have {PASSKEYS_MAX} passkeys. Remove one first.")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValueError as error:  # what fido2 cannot read
            raise forms.ValidationError(NO_PASSKEY) from error
        return cleaned


class RenamePasskeyForm(OurWords, EditWebAuthnForm):
    name = forms.CharField(label="Name", max_length=NAME_MAX, validators=[refuse_odd_characters])


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)


def _is_first_use(user: Artist, code: str) -> bool:
    """Note that a code of somebody's app is used; False means that it was before."""
    periods = 2 * app_settings.TOTP_TOLERANCE + 1
    key = f"app-code:{user.pk}:{normalize_user_code(code)}"
    return cache.add(key, 1, timeout=periods * app_settings.TOTP_PERIOD)
