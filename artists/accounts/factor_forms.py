"""allauth's forms for second factors, in our words and within bounds."""

from typing import Any

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
from django import forms

from artists.accounts.words import OurWords
from portal.administration import PlainDecoder
from portal.texts import refuse_odd_characters

NAME_MAX = 60
PASSKEYS_MAX = 20
CREDENTIAL_MAX = 20_000  # characters; a passkey with an attestation of three certificates has 6,000
CLIENT_DATA = "clientDataJSON"
NO_PASSKEY = "This is not what a passkey answers. Please try again."
MISFIT = (
    "This code does not fit. Enter the one that the app shows now, and look at its device’s clock."
)


class CredentialField(forms.JSONField):
    """What a browser answers for a passkey: an object of texts, its `response` one of texts too.

    Source: W3C WebAuthn level 3, 5.1 (toJSON of PublicKeyCredential).
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(decoder=PlainDecoder)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > CREDENTIAL_MAX:
            raise forms.ValidationError("This passkey is larger than what can be kept here.")
        read = super().to_python(value)
        response = read.get("response") if isinstance(read, dict) else None
        if not isinstance(response, dict):
            raise forms.ValidationError(NO_PASSKEY)
        texts = [read.get("id"), read.get("rawId"), read.get("type"), response.get(CLIENT_DATA)]
        if not all(isinstance(text, str) for text in texts):
            raise forms.ValidationError(NO_PASSKEY)
        return read


class PasskeyForm(AuthenticateWebAuthnForm):
    credential = CredentialField()


class PasskeyAgainForm(ReauthenticateWebAuthnForm):
    credential = CredentialField()


class PasskeyAloneForm(LoginWebAuthnForm):
    credential = CredentialField()


class CodeForm(OurWords, AuthenticateForm):
    labels = {"code": "Code from your app, or a recovery code"}


class CodeAgainForm(OurWords, ReauthenticateForm):
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
    credential = CredentialField()
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
