"""Cohorts: what managers set, and what it changes for their artists."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from artists.access.services import create_token
from artists.admissions.services import invite
from artists.models import Cohort
from generations.cohorts.views import PAGE_SIZE
from generations.models import Generation, Rate, VideoModel
from generations.prompts.errors import NotOffered, OutsideCohortDates
from generations.prompts.services import submit_prompt
from portal.audit import Event

LIST = reverse("generations:cohorts")
NEW = reverse("generations:new_cohort")
FORM = {
    "name": "Autumn",
    "starts_on": "2026-12-01",
    "ends_on": "2027-02-28",
    "places": "12",
    "artist_day_credits": "400",
    "artist_month_credits": "",
    "artist_total_credits": "4000",
    "running_cap": "2",
    "queued_cap": "20",
}


@pytest.fixture
def other_model(video_model) -> VideoModel:
    model = VideoModel.objects.create(
        name="other-1",
        title="Other 1",
        description="Another one.",
        provider="sketch",
        native_name="other-1",
        durations=[4],
    )
    Rate.objects.create(video_model=model, size="1280x720", credits_per_second=1)
    return model


@pytest.fixture
def program(artist) -> Client:
    _, plaintext = create_token(artist, "test")
    return Client(headers={"Authorization": f"Bearer {plaintext}"})


def prompt(artist, video_model) -> Generation:
    return submit_prompt(
        artist=artist, video_model=video_model, prompt="A boat", size="1280x720", duration_seconds=4
    )


def test_a_manager_makes_and_changes_a_cohort(client, manager, video_model, other_model):
    client.force_login(manager)

    client.post(NEW, FORM | {"video_models": [other_model.pk]})
    made = Cohort.objects.get(name="Autumn")
    client.post(reverse("generations:cohort", args=[made.pk]), FORM | {"places": ""})

    made.refresh_from_db()
    assert (made.places, made.artist_day_credits, made.artist_month_credits) == (None, 400, None)
    assert list(made.video_models.all()) == []
    first, second = Event.objects.order_by("sequence")
    assert (first.verb, first.facts["video_models"]) == ("cohort.made", ["other-1"])
    assert (second.verb, second.facts) == ("cohort.changed", {"places": None, "video_models": []})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("name", "Spring"),
        ("name", "Au\u202etumn"),
        ("starts_on", "soon"),
        ("ends_on", "2026-11-30"),
        ("places", "-1"),
        ("places", "0"),
        ("places", "99999999999"),
        ("artist_day_credits", "-1"),
        ("artist_total_credits", "1e9"),
        ("running_cap", "0"),
        ("running_cap", "70000"),
        ("queued_cap", ""),
        ("video_models", "999"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, manager, field, value):
    client.force_login(manager)

    page = client.post(NEW, FORM | {field: value})

    assert page.status_code == 400
    assert list(page.context["form"].errors) == [field]
    assert Cohort.objects.count() == 1


def test_places_do_not_fall_below_those_used(client, manager, cohort, artist):
    invite(email="new@example.org", cohort=cohort, invited_by=None)
    client.force_login(manager)
    address = reverse("generations:cohort", args=[cohort.pk])

    refused = client.post(address, FORM | {"places": "2"})
    taken = client.post(address, FORM | {"places": "3"})

    assert "More artists than that" in refused.text
    assert taken.status_code == 302


def test_the_list_shows_the_places_used(client, manager, cohort, artist):
    Cohort.objects.update(places=5)
    invite(email="", cohort=cohort, invited_by=None, max_uses=2)
    client.force_login(manager)

    assert "2 artists, 2 invited, of 5 places" in client.get(LIST).text


def test_the_list_pages_with_the_same_queries(client, manager, django_assert_max_num_queries):
    for number in range(PAGE_SIZE + 2):
        Cohort.objects.create(name=f"Cohort {number:03}")
    client.force_login(manager)

    with django_assert_max_num_queries(7):
        first = client.get(LIST)
    second = client.get(LIST, {"after": first.context["next_cursor"]})

    names = [one.name for page in (first, second) for one in page.context["page"]]
    assert names == sorted(Cohort.objects.values_list("name", flat=True))


def test_a_cohort_that_chose_nothing_may_use_all(artist, video_model, other_model):
    assert list(VideoModel.objects.offered_to(artist)) == [video_model, other_model]


def test_the_page_the_api_and_a_prompt_know_the_chosen_ones_alone(
    client, program, artist, other_artist, cohort, video_model, other_model
):
    cohort.video_models.set([other_model])
    elsewhere = Cohort.objects.create(name="Elsewhere")
    other_artist.cohort = elsewhere
    other_artist.save()
    client.force_login(artist)

    page = client.get(reverse("generations:create")).text
    listed = program.get("/v1/models").json()["data"]

    assert "Other 1" in page
    assert "Sketch 1" not in page
    assert [one["id"] for one in listed] == ["other-1"]
    assert program.get("/v1/models/sketch-1").status_code == 404
    answer = program.post("/v1/videos", {"prompt": "A boat", "model": "sketch-1"})
    assert (answer.status_code, "Offered: other-1" in answer.json()["error"]["message"]) == (
        400,
        True,
    )
    with pytest.raises(NotOffered):
        prompt(artist, video_model)
    assert prompt(artist, other_model).video_model == other_model
    assert prompt(other_artist, video_model).video_model == video_model


def test_a_choice_is_no_more_queries(artist, cohort, video_model):
    def count() -> int:
        with CaptureQueriesContext(connection) as counted:
            prompt(artist, video_model)
        return len(counted)

    prompt(artist, video_model)  # the windows stand from now on
    before = count()
    cohort.video_models.set([video_model])

    assert count() == before


@pytest.mark.parametrize(("starts", "ends"), [(1, None), (None, -1), (-9, -1)])
def test_outside_its_dates_a_cohort_makes_nothing_new(artist, cohort, video_model, starts, ends):
    today = timezone.localdate()
    cohort.starts_on = today + timedelta(days=starts) if starts is not None else None
    cohort.ends_on = today + timedelta(days=ends) if ends is not None else None
    cohort.save()

    with pytest.raises(OutsideCohortDates):
        prompt(artist, video_model)

    assert not Generation.objects.exists()


def test_on_its_first_and_on_its_last_day_it_does(artist, cohort, video_model):
    cohort.starts_on = cohort.ends_on = timezone.localdate()
    cohort.save()

    assert prompt(artist, video_model)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("Pacific/Kiritimati", 12), ("Pacific/Pago_Pago", 1)],
    ids=["ahead", "behind"],
)
def test_its_days_are_the_programmes_wherever_its_artist_says_to_be(cohort, zone, hour):
    cohort.starts_on = cohort.ends_on = date(2027, 1, 10)
    now = datetime(2027, 1, 10, hour, tzinfo=UTC)

    with time_machine.travel(now, tick=False), timezone.override(zone):
        assert timezone.localdate() != cohort.ends_on
        assert cohort.is_running
