"""What a visitor says is wrong with a public clip."""

from django import forms

from generations.models import Ground
from portal.texts import refuse_all_but_line_breaks

TEXT_MAX_CHARS = 2000


class ReportForm(forms.Form):
    ground = forms.ModelChoiceField(
        Ground.objects.in_force(),
        label="What is wrong with it",
        empty_label="Choose a ground of the published list",
        error_messages={"required": "Choose what is wrong with it."},
    )
    text = forms.CharField(
        label="In your words",
        max_length=TEXT_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[refuse_all_but_line_breaks],
        help_text="What did you see, and where in the clip? If it is yours, say so.",
        error_messages={"required": "Say what you saw."},
    )
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        help_text="If you want to hear what came of it. It is used for that alone.",
    )
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self["ground"], self["text"], self["email"]]

    @property
    def is_of_a_program(self) -> bool:
        """Whether the field was filled in that people do not see."""
        return bool(self.cleaned_data["website"])
