from django import forms

from artists.access.services import TOKEN_DAYS, TOKEN_MAX_DAYS


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="What uses it, so that you know it again.")
    expires_in_days = forms.IntegerField(
        label="Days until it expires", min_value=1, max_value=TOKEN_MAX_DAYS, initial=TOKEN_DAYS
    )
