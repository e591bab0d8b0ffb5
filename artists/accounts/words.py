"""allauth's forms in the words of our pages."""

from typing import Any, ClassVar

from allauth.account import forms
from django.forms import Form

LABELS = {
    "login": "E-mail",
    "email": "E-mail",
    "remember": "Keep me signed in",
    "oldpassword": "The password that you have",
    "password1": "Password",
    "password2": "The same password again",
}


class OurWords:
    """Labels as our pages have them, and no placeholder that says a label again."""

    labels: ClassVar[dict[str, str]] = {}  # of this form alone

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # a form's
            field.label = (LABELS | self.labels).get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


def in_our_words(form: type[Form]) -> type[Form]:
    return type(form.__name__, (OurWords, form), {})


LoginForm = in_our_words(forms.LoginForm)
RequestLoginCodeForm = in_our_words(forms.RequestLoginCodeForm)
ConfirmLoginCodeForm = in_our_words(forms.ConfirmLoginCodeForm)
ConfirmAddressForm = in_our_words(forms.ConfirmEmailVerificationCodeForm)
ReauthenticateForm = in_our_words(forms.ReauthenticateForm)
SetPasswordForm = in_our_words(forms.SetPasswordForm)
ResetPasswordForm = in_our_words(forms.ResetPasswordForm)
ResetPasswordKeyForm = in_our_words(forms.ResetPasswordKeyForm)


class ChangePasswordForm(OurWords, forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "The new one"
        self.fields["password2"].label = "The new one again"


class ChangeAddressForm(OurWords, forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "New address"
