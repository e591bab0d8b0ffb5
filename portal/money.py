"""Money: whole ten-thousandths of the programme's currency, so that every sum is exact."""

from decimal import ROUND_CEILING, Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.db import models

PARTS = 10_000
DIGITS, PLACES = 14, 4


def to_parts(amount: Decimal) -> int:
    """Return an amount of the currency in ten-thousandths; what is smaller counts as one more."""
    return int((amount * PARTS).to_integral_value(ROUND_CEILING))


def from_parts(parts: int) -> Decimal:
    """Return ten-thousandths as an amount of the currency, with two digits at least."""
    amount = Decimal(parts).scaleb(-PLACES)
    return amount if parts % 100 else amount.quantize(Decimal("0.01"))


def say_money(parts: int) -> str:
    """Return an amount as people read it: 12.50 USD."""
    return f"{from_parts(parts):,} {settings.CURRENCY}"


class MoneyInput(forms.DecimalField):
    """An amount of the currency in a form, with four digits behind the point; cleaned to parts."""

    def __init__(self, **kwargs: Any) -> None:
        known = {"max_digits": DIGITS, "decimal_places": PLACES, "min_value": 0}
        super().__init__(**{**kwargs, **known})

    def prepare_value(self, value: Any) -> Any:
        return from_parts(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return None if amount is None else to_parts(amount)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class MoneyField(models.PositiveBigIntegerField):
    """Ten-thousandths in the database; in a form, an amount of the currency."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{**kwargs, "form_class": MoneyInput})
