from datetime import date, timedelta
from typing import Any

from django import forms

from artists.models import Artist, Departure
from portal.clock import programme_day
from portal.texts import refuse_all_but_line_breaks

NOTICE_DAYS = 14


class LeaveForm(forms.Form):
    """One's own address typed out, so that nobody leaves by a slip of the hand."""

    shares = forms.ChoiceField(
        label="Your public pages",
        choices=Departure.Shares,
        widget=forms.RadioSelect,
        initial=Departure.Shares.WITHDRAWN,
        help_text="Pages that close, and a name that goes, do not come back with you.",
    )
    email = forms.CharField(
        label="Your e-mail address",
        max_length=254,
        help_text="Type it out to show that you mean it.",
        error_messages={"required": "Type out the address of your account."},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, artist: Artist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.artist = artist

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if email.casefold() != self.artist.email.casefold():
            raise forms.ValidationError("This is not the address of your account.")
        return email


class EndingForm(forms.Form):
    """From when on, and why: the artist reads both."""

    ends_on = forms.DateField(
        label="Ends on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="From this date on nothing new is made.",
    )
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The artist reads this, by mail and on their pages.",
        validators=[refuse_all_but_line_breaks],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = programme_day()
        self.fields["ends_on"].initial = today + timedelta(days=NOTICE_DAYS)
        self.fields["ends_on"].widget.attrs["min"] = today.isoformat()

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        today = programme_day()
        if not today <= ends_on <= today + timedelta(days=366):
            raise forms.ValidationError("Choose a day from today on, within a year.")
        return ends_on
