from datetime import timedelta
from typing import Any

from django import forms

from artists.access.networks import read_network
from artists.access.services import TOKEN_DAYS, TOKEN_MAX_DAYS
from artists.models import Limit, Token
from artists.models.token import Scope
from artists.quotas.forms import CREDITS_MAX

NETWORKS_MAX = 20
RATE_MAX = 100_000
NETWORKS_MAX_CHARS = 2000  # twenty of the longest, and room to write them as one likes
OVERLAPS = (  # how long the secret before is good, in hours
    (0, "At once"),
    (1, "In an hour"),
    (24, "In a day"),
    (168, "In a week"),
)


class CreditsField(forms.IntegerField):
    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, min_value=0, max_value=CREDITS_MAX)


class DaysField(forms.IntegerField):
    def __init__(self) -> None:
        super().__init__(
            label="Days until it expires",
            min_value=1,
            max_value=TOKEN_MAX_DAYS,
            initial=TOKEN_DAYS,
            help_text=f"{TOKEN_MAX_DAYS} at most.",
        )


class NetworksField(forms.CharField):
    """Networks in CIDR notation, by spaces, commas or lines; cleaned to a list without doubles."""

    def __init__(self) -> None:
        super().__init__(
            label="Networks that may use it",
            required=False,
            max_length=NETWORKS_MAX_CHARS,
            widget=forms.Textarea(
                attrs={"rows": 2, "placeholder": "203.0.113.0/24", "spellcheck": "false"}
            ),
            help_text="One a line, as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32. "
            "Empty: from anywhere.",
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        named = str(super().clean(value)).replace(",", " ").split()
        if len(named) > NETWORKS_MAX:
            raise forms.ValidationError(f"{NETWORKS_MAX} networks at most.")
        return list(dict.fromkeys(_read(one) for one in named))


class TokenBoundsForm(forms.Form):
    """Where a token may be used from, how often, and what it may spend; empty leaves it open."""

    day = CreditsField("Credits a day")
    month = CreditsField("Credits a month")
    total = CreditsField("Credits in total")
    requests_per_minute = forms.IntegerField(
        label="Requests a minute", required=False, min_value=1, max_value=RATE_MAX
    )
    networks = NetworksField()

    @classmethod
    def of(cls, token: Token) -> "TokenBoundsForm":
        """The form with what a token has now."""
        standing = {one.period: one.ceiling for one in token.limits.filter(ended_at=None)}
        others = {"networks": token.networks, "requests_per_minute": token.requests_per_minute}
        return cls(initial=standing | others)

    @property
    def bounds(self) -> dict[str, Any]:
        """What a valid form asks for, in the words of the services; no ceiling is None."""
        return {
            "ceilings": {period: self.cleaned_data[period.value] for period in Limit.Period},
            "requests_per_minute": self.cleaned_data["requests_per_minute"],
            "networks": self.cleaned_data["networks"],
        }

    @property
    def has_wrong_bounds(self) -> bool:
        return bool(set(self.errors) & set(TokenBoundsForm.base_fields))

    def number_fields(self) -> list[Any]:
        return [self[name] for name in (*Limit.Period.values, "requests_per_minute")]


class TokenForm(TokenBoundsForm):
    name = forms.CharField(max_length=80, help_text="What uses it, so that you know it again.")
    expires_in_days = DaysField()
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.VIDEOS_CREATE, Scope.VIDEOS_READ],
    )


class RotateForm(forms.Form):
    overlap_hours = forms.TypedChoiceField(
        label="The old one ends", choices=OVERLAPS, coerce=int, initial=24
    )
    expires_in_days = DaysField()

    @property
    def terms(self) -> dict[str, Any]:
        """What a valid form asks for, in the words of the service."""
        return {
            "expires_in_days": self.cleaned_data["expires_in_days"],
            "overlap": timedelta(hours=self.cleaned_data["overlap_hours"]),
        }


def _read(text: str) -> str:
    try:
        return read_network(text)
    except ValueError as error:
        raise forms.ValidationError(
            "This is no network: %(text)s. Write it as 203.0.113.0/24.", params={"text": text}
        ) from error
