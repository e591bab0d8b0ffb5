from typing import Any

from django import forms

from artists.access.services import TOKEN_DAYS, TOKEN_MAX_DAYS
from artists.models import Limit, Token
from artists.quotas.forms import CREDITS_MAX


class CreditsField(forms.IntegerField):
    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, min_value=0, max_value=CREDITS_MAX)


class TokenLimitsForm(forms.Form):
    """What programs that use a token may spend; empty leaves it to the artist's own limits."""

    day = CreditsField("Credits a day")
    month = CreditsField("Credits a month")
    total = CreditsField("Credits in total")

    @classmethod
    def of(cls, token: Token) -> "TokenLimitsForm":
        """The form with the limits that a token has now; its limits are read beforehand."""
        standing = {one.period: one.ceiling for one in token.limits.all() if not one.ended_at}
        return cls(initial=standing, auto_id=f"token_{token.pk}_%s")

    @property
    def ceilings(self) -> dict[Limit.Period, int | None]:
        """The ceilings that a valid form asks for, None for no limit."""
        return {period: self.cleaned_data[period.value] for period in Limit.Period}


class TokenForm(TokenLimitsForm):
    name = forms.CharField(max_length=80, help_text="What uses it, so that you know it again.")
    expires_in_days = forms.IntegerField(
        label="Days until it expires", min_value=1, max_value=TOKEN_MAX_DAYS, initial=TOKEN_DAYS
    )
    field_order = ["name", "expires_in_days"]

    def limit_fields(self) -> list[Any]:
        return [self[period.value] for period in Limit.Period]

    def other_fields(self) -> list[Any]:
        return [self["name"], self["expires_in_days"]]
