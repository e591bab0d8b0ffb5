"""What an artist chooses about a share that was approved."""

from datetime import datetime
from typing import Any

from django import forms

from generations.models import Share
from generations.sharing.choices import PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, check_expiry
from portal.forms import MomentField, say_zone


class ChoicesForm(forms.ModelForm):
    shows_prompt = forms.BooleanField(label="Show the prompt", required=False)
    in_portfolio = forms.BooleanField(label="Show it in my portfolio", required=False)
    expires_at = MomentField(label="Show it until", required=False)
    new_password = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        min_length=PASSWORD_MIN_CHARS,
        max_length=PASSWORD_MAX_CHARS,
        error_messages={"min_length": f"Choose at least {PASSWORD_MIN_CHARS} characters."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    removes_password = forms.BooleanField(label="Take the password away", required=False)

    class Meta:
        model = Share
        fields = ["in_gallery", "is_findable", "allows_embedding", "allows_download", "expires_at"]
        labels = {
            "in_gallery": "Show it in the programme’s gallery",
            "is_findable": "Let search engines find it",
            "allows_embedding": "Let other sites show its player",
            "allows_download": "Offer the file to download",
        }
        help_texts = {
            "is_findable": "Off: they are asked not to list it.",
            "allows_download": "With its Content Credentials, just as it plays here.",
            "allows_embedding": "Their visitors see the clip, your credit and the way here.",
        }

    def __init__(self, data: Any = None, *, share: Share, has_portfolio: bool) -> None:
        known = {"shows_prompt": share.shows_prompt, "in_portfolio": share.place is not None}
        super().__init__(data, instance=share, initial=known)
        self.fields["expires_at"].help_text = f"{say_zone()} Empty: until you end it."
        if not share.submission.show_prompt:  # nobody approved the prompt for the public
            del self.fields["shows_prompt"]
        elif share.submission.file_has_prompt:
            self.fields["shows_prompt"].help_text = (
                "The public file says it too. Hidden, it leaves the page, and the file is signed "
                "anew without it, for good. Copies that others took before keep it."
            )
        if not has_portfolio:
            del self.fields["in_portfolio"]
        if not share.is_locked:
            del self.fields["removes_password"]
        words = "At least eight characters. You tell it to those who may see the clip."
        kept = "There is one. Empty: it stays as it is."
        self.fields["new_password"].help_text = kept if share.is_locked else words

    def clean_expires_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["expires_at"]
        if at is not None and "expires_at" in self.changed_data:
            check_expiry(at)
        return at

    @property
    def answers(self) -> dict[str, Any]:
        """What generations.sharing.choices.choose takes."""
        given = dict(self.cleaned_data)
        if "shows_prompt" in given:
            given["hides_prompt"] = not given.pop("shows_prompt")
        return given

    def of(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def on_the_page(self) -> list[forms.BoundField]:
        return self.of("shows_prompt", "allows_download", "allows_embedding")

    @property
    def on_lists(self) -> list[forms.BoundField]:
        return self.of("in_gallery", "in_portfolio", "is_findable")

    @property
    def for_whom(self) -> list[forms.BoundField]:
        return self.of("new_password", "removes_password", "expires_at")
