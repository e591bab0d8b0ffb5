"""Money in whole ten-thousandths."""

from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from portal.money import MoneyInput, from_parts, say_money, to_parts


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (0, "0.00 USD"),
        (500, "0.05 USD"),
        (1250, "0.1250 USD"),
        (125_000, "12.50 USD"),
        (12_345_678_900, "1,234,567.89 USD"),
    ],
)
def test_an_amount_is_said_with_two_digits_or_all_four(parts: int, words: str) -> None:
    assert say_money(parts) == words


@given(st.integers(0, 10**13))
def test_no_amount_changes_on_its_way_through_a_form(parts: int) -> None:
    field = MoneyInput()

    typed = str(field.prepare_value(parts))

    assert field.clean(typed) == parts
    assert to_parts(from_parts(parts)) == parts
    assert not field.has_changed(parts, typed)


@pytest.mark.parametrize(("amount", "parts"), [("0.00001", 1), ("0.0001", 1), ("0.00011", 2)])
def test_what_is_smaller_than_the_ledger_counts_as_one_more(amount: str, parts: int) -> None:
    """A budget is rather reached too early than passed."""
    assert to_parts(Decimal(amount)) == parts


@pytest.mark.parametrize("typed", ["-1", "NaN", "Infinity", "1e20", "0.00001", "ten"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        MoneyInput().clean(typed)
