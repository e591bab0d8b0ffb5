"""What a reviewer decides."""

from typing import Any

from django import forms

from generations.models import Ground, Review
from generations.reviews.deciding import OUTCOMES, REFUSING


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Decision",
        choices=[(one.value, one.label) for one in OUTCOMES[Review.Kind.SUBMISSION]],
        widget=forms.RadioSelect,
    )
    ground = forms.ModelChoiceField(
        Ground.objects.in_force(),
        required=False,
        empty_label="No ground",
        help_text="Needed to reject or to ask for changes.",
    )
    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Words for the artist",
        help_text="Needed to reject or to ask for changes.",
    )

    wants_second = forms.BooleanField(
        required=False,
        label="A second person is to look too",
        help_text="It waits for somebody who does not see what you said. If you two differ, a "
        "manager decides.",
    )

    def clean(self) -> dict[str, Any]:
        decided = super().clean() or self.cleaned_data
        if decided.get("outcome") in REFUSING:
            if not decided.get("ground") and "ground" not in self.errors:
                self.add_error("ground", "Choose the ground that this rests on.")
            if not decided.get("reason") and "reason" not in self.errors:
                self.add_error("reason", "Tell the artist why.")
        return decided


class ReportedForm(forms.Form):
    """What a reviewer decides on a share that was reported."""

    outcome = forms.ChoiceField(
        label="Decision",
        choices=[(one.value, one.label) for one in OUTCOMES[Review.Kind.REPORT]],
        widget=forms.RadioSelect,
    )
    ground = forms.ModelChoiceField(
        Ground.objects.in_force(),
        required=False,
        empty_label="No ground",
        help_text="Needed to take it down.",
    )
    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Words for the artist",
        help_text="Needed to take it down. Never who reported it.",
    )

    def clean(self) -> dict[str, Any]:
        decided = super().clean() or self.cleaned_data
        if decided.get("outcome") in REFUSING:
            if not decided.get("ground") and "ground" not in self.errors:
                self.add_error("ground", "Choose the ground that this rests on.")
            if not decided.get("reason") and "reason" not in self.errors:
                self.add_error("reason", "Tell the artist why.")
        return decided
