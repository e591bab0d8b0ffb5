"""What views and pages with forms have in common."""

import pytest
from django import forms

from artists.models import Artist
from portal.errors import PortalError
from portal.forms import RefusalsShownIn, sent


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


@pytest.mark.parametrize(("method", "is_bound"), [("GET", False), ("HEAD", False), ("POST", True)])
def test_a_form_that_is_sent_empty_is_sent(rf, method, is_bound):
    assert NameForm(sent(rf.generic(method, "/"))).is_bound is is_bound


def test_a_refusal_stands_at_the_field_that_it_names(form):
    with RefusalsShownIn(form) as refusals:
        raise Taken

    assert form.errors == {"name": ["This name is taken."]}
    assert isinstance(refusals.refusal, Taken)


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


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/admissions/cohorts/new/",
        "/admissions/invitations/",
        "/admissions/letters/terms/",
        "/admissions/rounds/new/",
        "/checks/rules/new/",
        "/create/",
        "/grounds/manage/new/",
        "/grounds/replies/new/",
        "/pauses/new/programme/",
        "/profile/",
        "/promise/set/",
        "/submissions/set/",
        "/webhooks/",
    ],
)
def test_a_page_says_what_misses_in_a_form_that_is_sent_empty(client, manager, address):
    client.force_login(manager)

    answer = client.post(address)

    assert answer.status_code == 400
    assert answer.context["form"].errors


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/admissions/rounds/new/", "/audit/", "/pauses/new/programme/"]
)
def test_a_page_names_the_time_zone_in_which_its_moments_are_read(client, manager, address):
    Artist.objects.filter(pk=manager.pk).update(time_zone="Asia/Tokyo")
    client.force_login(manager)

    assert "In the time zone Asia/Tokyo." in client.get(address).text
