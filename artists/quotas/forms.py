"""What a manager fills in on the page of quotas, and an artist on the page of tokens."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from artists.models import Limit
from artists.quotas.ceilings import REASON_MAX_CHARS
from artists.quotas.scopes import Scope
from portal.forms import MomentField, say_zone
from portal.money import DIGITS, PLACES, to_parts

CREDITS_MAX = 1_000_000_000
PERIODS = {Limit.Period.DAY: "a day", Limit.Period.MONTH: "a month", Limit.Period.TOTAL: "in total"}
BUDGET = "money-month"


def say_limit(limit: Limit) -> str:
    """Name a limit among those of one scope: credits a day."""
    if limit.is_money:
        return "the month’s budget"
    return f"credits {PERIODS[Limit.Period(limit.period)]}"


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        known: dict[str, Any] = {
            "max_length": REASON_MAX_CHARS,
            "widget": forms.Textarea(attrs={"rows": 2}),
            "error_messages": {"required": "Say why."},
        }
        super().__init__(**{**known, "help_text": "It stands in the ledger.", **kwargs})


class AmountField(forms.DecimalField):
    """Credits or money: which of them, the form finds out by the limit that it is for."""

    def __init__(self, **kwargs: Any) -> None:
        known: dict[str, Any] = {
            "max_digits": DIGITS,
            "decimal_places": PLACES,
            "min_value": 0,
            "error_messages": {"required": "Say how much."},
        }
        super().__init__(**{**kwargs, **known})


def read_amount(amount: Decimal, *, unit: str) -> int:
    """Return an amount in whole units of a limit. Raises forms.ValidationError."""
    if unit == Limit.Unit.MONEY:
        return to_parts(amount)
    if amount != int(amount) or amount > CREDITS_MAX:
        raise forms.ValidationError(f"Give whole credits, {CREDITS_MAX:,} at most.")
    return int(amount)


class CeilingForm(forms.Form):
    """Set the ceiling of one of a scope's periods, whether there was a limit or not."""

    what = forms.ChoiceField(label="Limit")
    ceiling = AmountField(label="Ceiling", help_text="What is held or spent already stays.")
    reason = ReasonField()

    def __init__(self, scope: Scope, data: Any = None) -> None:
        super().__init__(data, prefix="set")
        choices = [(f"credits-{period}", f"Credits {words}") for period, words in PERIODS.items()]
        if scope.kind == "programme":
            choices.append((BUDGET, f"The month’s budget, in {settings.CURRENCY}"))
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        self.scope = scope

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "what" in cleaned and "ceiling" in cleaned:
            unit, _, period = cleaned["what"].partition("-")
            try:
                cleaned["amount"] = read_amount(cleaned["ceiling"], unit=unit)
            except forms.ValidationError as error:
                self.add_error("ceiling", error)
            cleaned["limit"] = self._limit(unit=unit, period=period)
        return cleaned

    def _limit(self, *, unit: str, period: str) -> Limit:
        """The limit there is, even one that has ended; else a new one that is not stored yet."""
        found = self.scope.limits.filter(unit=unit, period=period).first()
        return found or Limit(
            cohort=self.scope.cohort, artist=self.scope.artist, unit=unit, period=period
        )


class LimitChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Limit) -> str:
        words = say_limit(obj)
        return words[0].upper() + words[1:]


class RaiseForm(forms.Form):
    """Raise one of a scope's limits for a time."""

    limit = LimitChoiceField(Limit.objects.none(), empty_label=None)
    extra = AmountField(label="More by")
    starts_at = MomentField(label="From", required=False, help_text="Empty: from now on.")
    ends_at = MomentField(label="Until", error_messages={"required": "Say when the raise ends."})
    reason = ReasonField()

    def __init__(self, scope: Scope, data: Any = None) -> None:
        super().__init__(data, prefix="raise")
        self.fields["limit"].queryset = scope.limits.standing()  # type: ignore[attr-defined]
        self.fields["ends_at"].help_text = say_zone()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        now = timezone.now()
        cleaned["starts_at"] = max(cleaned.get("starts_at") or now, now)
        if "ends_at" in cleaned and cleaned["ends_at"] <= cleaned["starts_at"]:
            self.add_error("ends_at", "Let it end after it begins, and not in the past.")
        if "limit" in cleaned and "extra" in cleaned:
            self._clean_extra(cleaned)
        return cleaned

    def _clean_extra(self, cleaned: dict[str, Any]) -> None:
        try:
            cleaned["extra"] = read_amount(cleaned["extra"], unit=cleaned["limit"].unit)
        except forms.ValidationError as error:
            self.add_error("extra", error)
            return
        if cleaned["extra"] == 0:
            self.add_error("extra", "Give more than nothing.")


class ReasonForm(forms.Form):
    reason = ReasonField()
