"""Amounts as pages say them: credits, or money of the programme."""

from django import template

from artists.models import Limit
from portal.money import say_money

register = template.Library()


@register.filter
def amount(value: int, limit: Limit) -> str:
    """Say an amount in a limit's unit."""
    return say_money(value) if limit.is_money else str(value)


@register.filter
def change(value: int, limit: Limit) -> str:
    """Say a change in a limit's unit, with its sign; nothing where there is none."""
    if not value:
        return ""
    sign = "+" if value > 0 else "−"  # noqa: RUF001  (a minus is what it is)
    return sign + amount(abs(value), limit)


@register.filter
def money(value: int) -> str:
    """Say an amount of money."""
    return say_money(value)


@register.filter
def hundredths(figure: int) -> str:
    """A figure in hundredths, with one place: 425 is 4.2."""
    return f"{figure / 100:.1f}"
