"""What managers write: grounds, and replies that rest on them."""

from typing import Any

from django import forms

from generations.models import Ground, ReplyTemplate
from portal.texts import refuse_all_but_line_breaks, refuse_control_characters


class GroundForm(forms.ModelForm):
    class Meta:
        model = Ground
        fields = ["code", "title", "text", "examples", "needs_two_reviewers"]
        labels = {
            "code": "Short name",
            "text": "What it says, in Markdown",
            "examples": "Examples, in Markdown",
            "needs_two_reviewers": "Two people decide",
        }
        help_texts = {
            "code": "Small letters, as in an address. It stays the same in every version.",
            "examples": "What falls under it, and what does not.",
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6}),
            "examples": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, follows: Ground | None = None, **kwargs: Any) -> None:
        if follows is not None:
            kwargs["initial"] = forms.model_to_dict(follows, fields=self._meta.fields)
        super().__init__(*args, **kwargs)
        if follows is not None:
            del self.fields["code"]
        self.fields["title"].validators.append(refuse_control_characters)
        for name in ("text", "examples"):
            self.fields[name].validators.append(refuse_all_but_line_breaks)

    def _post_clean(self) -> None:
        """Leave what belongs to two rows to the service."""


class ReplyForm(forms.ModelForm):
    ground_code = forms.ChoiceField(label="Ground", required=False)

    class Meta:
        model = ReplyTemplate
        fields = ["name", "outcome", "ground_code", "text"]
        labels = {"outcome": "For", "text": "Words for the artist"}
        help_texts = {
            "text": "What is in braces, as {whose face}, is filled in each time: nothing is sent "
            "while one is left."
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = Ground.objects.in_force().values_list("code", "title")
        field: Any = self.fields["ground_code"]
        field.choices = [("", "The reviewer chooses"), *codes]
        self.fields["name"].validators.append(refuse_control_characters)
        self.fields["text"].validators.append(refuse_all_but_line_breaks)
