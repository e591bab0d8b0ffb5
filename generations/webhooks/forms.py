from django import forms

from generations.models import WebhookEndpoint
from generations.models.webhook import COMPLETED, DECIDED, FAILED
from generations.webhooks.addresses import URL_MAX_CHARS

EVENTS = (
    (COMPLETED, "A video is ready"),
    (FAILED, "A video failed, or was refused or cancelled"),
    (DECIDED, "A submission was decided"),
)


class EndpointForm(forms.Form):
    """What the service checks further: that the address is on the public internet."""

    name = forms.CharField(max_length=80, help_text="What hears it, so that you know it again.")
    url = forms.CharField(
        label="Address",
        max_length=URL_MAX_CHARS,
        help_text="Begins with https:// and is on the public internet.",
        widget=forms.URLInput(attrs={"placeholder": "https://example.org/hook"}),
    )
    event_types = forms.MultipleChoiceField(
        label="Tell it when",
        choices=EVENTS,
        widget=forms.CheckboxSelectMultiple,
        initial=[COMPLETED, FAILED],
    )

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> "EndpointForm":
        facts = ("name", "url", "event_types")
        return cls(initial={name: getattr(endpoint, name) for name in facts})


class RotateForm(forms.Form):
    keep_earlier = forms.BooleanField(
        label="The old one signs too for 24 hours", required=False, initial=True
    )
