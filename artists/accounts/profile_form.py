"""What somebody says of themselves, and how they want to be written to."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import URLValidator

from artists.accounts.pictures import read_picture
from artists.accounts.profile import Profile
from artists.accounts.zones import zone_choices
from artists.models import Artist
from portal.images import BadImage
from portal.texts import NameField, refuse_odd_characters

LINKS_MAX = 5
LINK_MAX_CHARS = 200
is_https = URLValidator(schemes=["https"], message="Links begin with https://, one on each line.")


class LinksField(forms.CharField):
    """Addresses, one on each line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = (line.strip() for line in super().clean(value).splitlines())
        links = list(dict.fromkeys(filter(None, lines)))
        if len(links) > LINKS_MAX:
            raise ValidationError(f"{LINKS_MAX} links at most.")
        for link in links:
            refuse_odd_characters(link)
            is_https(link)
            if len(link) > LINK_MAX_CHARS:
                raise ValidationError(f"A link has {LINK_MAX_CHARS} characters at most.")
            if "@" in link.split("/")[2]:
                raise ValidationError("Leave names and passwords out of links.")
        return links


class ProfileForm(forms.ModelForm):
    credit_name = NameField(
        label="Credit name", max_length=80, help_text="The name that share pages show."
    )
    pronouns = NameField(
        max_length=40, required=False, help_text="Reviewers and managers see them beside your name."
    )
    links = LinksField(
        required=False,
        max_length=(LINK_MAX_CHARS + 2) * LINKS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="To your work elsewhere, one on each line. Reviewers and managers see them.",
    )
    new_picture = forms.FileField(
        label="Picture",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG, JPEG or WebP. We keep a square of its middle, without place and camera.",
    )
    removes_picture = forms.BooleanField(label="Remove the picture", required=False)
    time_zone = forms.ChoiceField(
        label="Time zone", required=False, help_text="Pages and letters show times in it."
    )

    class Meta:
        model = Artist
        fields = list(Profile.__annotations__)
        labels = {
            "mail_decisions": "When a submission of mine is decided",
            "mail_webhooks": "When a webhook of mine is switched off",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones: Any = self.fields["time_zone"]
        zones.choices = [("", "The programme’s"), *zone_choices()]
        if not self.instance.picture:
            del self.fields["removes_picture"]

    def clean_new_picture(self) -> "ContentFile[bytes] | None":
        upload = self.cleaned_data["new_picture"]
        if not upload:
            return None
        try:
            return read_picture(upload)
        except BadImage as refusal:
            raise ValidationError(refusal.message) from refusal

    @property
    def answers(self) -> dict[str, Any]:
        """What save_profile takes."""
        given = dict(self.cleaned_data)
        return {
            "picture": given.pop("new_picture"),
            "removes_picture": given.pop("removes_picture", False),
            **given,
        }
