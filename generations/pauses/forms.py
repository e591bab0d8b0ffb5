"""What a manager says of a pause."""

from typing import Any

from django import forms
from django.utils import timezone

from artists.models import Pause
from portal.forms import MomentField, say_zone

READERS = {
    "programme": "Every artist reads it, and anybody on the status page.",
    "video_model": "Every artist reads it, and anybody on the status page.",
    "cohort": "The artists of the cohort read it.",
    "artist": "The artist reads it.",
    "token": "The artist whose token it is reads it, and programs that use it.",
}


class PauseForm(forms.ModelForm):
    expected_end = MomentField(
        label="Expected end",
        error_messages={"required": "Say when you expect it to end."},
    )

    class Meta:
        model = Pause
        fields = ["reason", "expected_end", "cancels_queued", "stops_running", "allows_looking"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"reason": {"required": "Say why: whom it touches reads it."}}
        labels = {
            "cancels_queued": "Cancel what waits, and give its credits back",
            "stops_running": "Stop what is being made, where the provider can",
            "allows_looking": "Looking at works and taking them along stays possible",
        }
        help_texts = {
            "cancels_queued": "Otherwise it keeps its place and goes on after the pause.",
            "stops_running": "Otherwise it is finished. Stopped in time, its credits come back.",
            "allows_looking": "Without it, artists cannot even see what they made.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = READERS[self.instance.scope]
        self.fields["expected_end"].help_text = (
            f"{say_zone()} You tell them what you expect; the pause ends when you lift it, never "
            "by itself."
        )
        if self.instance.video_model_id:
            del self.fields["allows_looking"]

    def clean_expected_end(self) -> Any:
        expected_end = self.cleaned_data["expected_end"]
        if expected_end <= timezone.now():
            raise forms.ValidationError("This time has passed.")
        return expected_end

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())
