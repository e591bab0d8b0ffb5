"""Whom a manager invites, and which invitations they look at."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from artists.models import Cohort, Invitation
from artists.models.invitation import USES_MAX, InvitationQuerySet

DAYS_MAX = 365


class DaysField(forms.IntegerField):
    def __init__(self) -> None:
        super().__init__(
            label="Days until it expires",
            min_value=1,
            max_value=DAYS_MAX,
            initial=settings.INVITATION_DAYS,
        )


class CohortField(forms.ModelChoiceField):
    def __init__(self) -> None:
        super().__init__(Cohort.objects.all(), empty_label="Choose")


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        required=False,
        help_text="Empty makes a link to hand on yourself.",
    )
    cohort = CohortField()
    expires_in_days = DaysField()
    max_uses = forms.IntegerField(
        label="How often the link works",
        min_value=1,
        max_value=USES_MAX,
        initial=1,
        help_text="More than once without an address alone.",
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="one")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("email") and given.get("max_uses", 1) > 1:
            self.add_error("max_uses", "An invitation to an address works once.")
        return given

    @property
    def expires_at(self) -> datetime:
        return timezone.now() + timedelta(days=self.cleaned_data["expires_in_days"])


class CsvForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        help_text="One address a line, up to 500. A first line may head the column: email.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    cohort = CohortField()
    expires_in_days = DaysField()

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, prefix="many")


class InvitationFilterForm(forms.Form):
    """Which invitations; what is not understood narrows nothing."""

    q = forms.CharField(label="Address", required=False, max_length=200)
    state = forms.ChoiceField(required=False, choices=[("", "All"), *Invitation.State.choices])
    cohort = forms.ModelChoiceField(Cohort.objects.all(), required=False, empty_label="All")

    def apply(self, invitations: InvitationQuerySet) -> InvitationQuerySet:
        self.is_valid()
        asked = self.cleaned_data
        if state := asked.get("state"):
            invitations = getattr(invitations, state)()
        if words := asked.get("q"):
            invitations = invitations.filter(email__icontains=words.strip())
        if cohort := asked.get("cohort"):
            invitations = invitations.filter(cohort=cohort)
        return invitations
