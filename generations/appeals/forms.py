"""What an artist and the decider of an appeal write."""

from django import forms

from portal.texts import refuse_all_but_line_breaks

TEXT_MAX = 4000


class AppealForm(forms.Form):
    text = forms.CharField(
        max_length=TEXT_MAX,
        validators=[refuse_all_but_line_breaks],
        widget=forms.Textarea(attrs={"rows": 8}),
        label="Why it should be decided again",
        help_text="For the person who decides. They see the first decision and its reason.",
        error_messages={"required": "Say why it should be decided again."},
    )


class MessageForm(forms.Form):
    text = forms.CharField(
        max_length=TEXT_MAX,
        validators=[refuse_all_but_line_breaks],
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Write a message",
        error_messages={"required": "There is nothing in it yet."},
    )
