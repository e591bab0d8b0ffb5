"""What managers write, and what people answer."""

from typing import Any

from django import forms

from artists.models import Terms
from artists.models.terms import TEXT_MAX_CHARS, in_reading_order
from portal.texts import refuse_all_but_line_breaks

NOTICE_MAX_DAYS = 365


class SeenForm(forms.Form):
    """The hash of the draft that its writer had before them."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class DraftForm(SeenForm):
    text = forms.CharField(
        max_length=TEXT_MAX_CHARS,
        strip=False,
        label="Text, in Markdown",
        help_text="Headings, lists, tables, links, *emphasis*. HTML and pictures are not shown.",
        validators=[refuse_all_but_line_breaks],
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        if not text:
            raise forms.ValidationError("Write something.")
        return "\n".join(text.splitlines()) + "\n"


class PublishForm(SeenForm):
    notice_days = forms.IntegerField(
        label="Takes effect in so many days", min_value=0, max_value=NOTICE_MAX_DAYS
    )


class AcceptForm(forms.Form):
    """Which versions somebody accepts, of those that are in force or will be."""

    terms = forms.MultipleChoiceField(
        error_messages={
            "required": "Tick what you have read and accept.",
            "invalid_choice": "These terms changed while you read them. Look again.",
        },
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        acceptable = Terms.objects.in_force() | Terms.objects.upcoming()
        self._found = {str(one.pk): one for one in in_reading_order(acceptable)}
        self.fields["terms"].choices = list(self._found.items())  # type: ignore[attr-defined]

    def clean_terms(self) -> list[Terms]:
        chosen = set(self.cleaned_data["terms"])
        return [one for key, one in self._found.items() if key in chosen]
