"""How one reviews."""

from django import forms

from generations.models import ReviewerPreferences


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = ReviewerPreferences
        fields = ["veiled", "blurs", "greys", "mutes"]
        widgets = {"veiled": forms.RadioSelect}
