"""What views and pages with forms have in common."""

import pytest
from django import forms

from portal.errors import PortalError
from portal.forms import RefusalsShownIn


class Taken(PortalError):
    message = "This name is taken."
    field = "name"


class Briefly(PortalError):
    message = "A long story, for programs."
    in_form = "In short."


class NameForm(forms.Form):
    name = forms.CharField()


@pytest.fixture
def form():
    return NameForm({"name": "Ada"})


def test_a_refusal_stands_at_the_field_that_it_names(form):
    with RefusalsShownIn(form) as refusals:
        raise Taken(by="Grace")

    assert form.errors == {"name": ["This name is taken."]}
    assert refusals.facts == {"by": "Grace"}


def test_a_refusal_of_a_field_that_is_not_there_stands_above_the_form(form):
    with RefusalsShownIn(form):
        raise Taken(field="address")

    assert form.errors == {"__all__": ["This name is taken."]}


def test_a_form_says_of_a_refusal_what_is_meant_for_forms(form):
    with RefusalsShownIn(form):
        raise Briefly

    assert form.errors == {"__all__": ["In short."]}


@pytest.mark.parametrize("error", [Briefly, ValueError])
def test_what_is_not_to_be_shown_rises(form, error):
    with pytest.raises(error), RefusalsShownIn(form, Taken):
        raise error

    assert not form.errors
