"""Managers set the promise in versions that never change; a submission keeps its own."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from artists.models import Artist
from generations.models import Promise
from generations.promise.errors import NothingNew, SetMeanwhile
from generations.promise.forms import PromiseForm
from generations.promise.services import set_promise
from generations.promise.words import changes
from portal.audit import Event
from tests.generations.promise.conftest import Promising, promise_like

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    client.force_login(manager)
    return client


def asked(**changes: Any) -> dict[str, Any]:
    """What the form sends where nothing is changed but this."""
    known = dict(PromiseForm(in_force=Promise.objects.in_force()).initial)
    return known | {"holidays": ""} | changes


def test_a_site_begins_with_the_promise_of_its_settings(settings: Any) -> None:
    promise = Promise.objects.in_force()

    assert (promise.version, promise.set_by) == (1, None)
    assert promise.decide_days == settings.REVIEW_DAYS
    assert promise.time_zone == settings.TIME_ZONE
    assert not promise.is_by_silence


def test_a_version_follows_the_one_before_and_the_trail_keeps_what_changed(
    manager: Artist, promising: Promising
) -> None:
    promise = promising(decide_days=3, when_late="silence")

    assert Promise.objects.in_force() == promise
    assert (promise.version, promise.set_by) == (2, manager)
    event = Event.objects.get(verb="promise.set")
    assert (event.actor_id, event.subject_id) == (manager.pk, str(promise.pk))
    assert event.facts == {
        "decide_days": {"before": 2, "after": 3},
        "when_late": {"before": "apologise", "after": "silence"},
    }


def test_the_due_date_is_fixed_by_the_promise_in_force_when_it_is_made(
    make_submission: Any, promising: Promising
) -> None:
    first = make_submission()
    promising(decide_days=9)
    second = make_submission()

    first.refresh_from_db()
    assert first.due_at - first.promise.due_at(first.created_at) < timedelta(seconds=5)
    assert (first.promise.decide_days, second.promise.decide_days) == (2, 9)
    assert second.due_at - first.due_at > timedelta(days=6)


def test_of_two_managers_the_second_sees_what_the_first_has_set(
    manager: Artist, promising: Promising
) -> None:
    before = Promise.objects.in_force()
    promising(decide_days=3)

    with pytest.raises(SetMeanwhile):
        set_promise(promise_like(before, decide_days=4), seen=1, by=manager)
    assert Promise.objects.in_force().decide_days == 3


def test_what_says_the_same_is_no_version(manager: Artist) -> None:
    promise = Promise.objects.in_force()

    with pytest.raises(NothingNew):
        set_promise(promise_like(promise), seen=1, by=manager)


def test_the_database_refuses_to_change_or_remove_a_promise(promising: Promising) -> None:
    promise = promising(decide_days=3)

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(decide_days=60)
    with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).delete()


@pytest.mark.parametrize(
    "wrong",
    [
        {"decide_days": 0},
        {"appeal_days": 61},
        {"report_days": 0},
        {"apology_days": 0},
        {"managers_reminded_hours": 0},
        {"managers_reminded_hours": 25},
        {"reviewers_reminded_hours": 241},
        {"weekdays": ""},
        {"time_zone": ""},
        {"when_late": "shrug"},
    ],
)
def test_the_database_refuses_what_no_promise_can_be(wrong: dict[str, Any]) -> None:
    like = promise_like(Promise.objects.in_force(), **wrong)
    like.version = 2

    with pytest.raises(IntegrityError), transaction.atomic():
        like.save(force_insert=True)


def test_a_manager_sets_all_of_it_on_the_page(browser: Client) -> None:
    sent = asked(
        decide_days=3,
        appeal_days=10,
        weekdays=["6", "1", "2"],
        time_zone="Europe/Berlin",
        holidays="2099-12-25 Christmas Day\n\n 2099-01-01  New Year ",
        when_late="silence",
    )

    answer = browser.post("/promise/set/", sent, follow=True)

    promise = Promise.objects.in_force()
    assert answer.status_code == 200
    assert (promise.version, promise.decide_days, promise.weekdays) == (2, 3, "126")
    assert promise.holidays == {"2099-01-01": "New Year", "2099-12-25": "Christmas Day"}
    assert promise.weekdays_said == "Monday, Tuesday and Saturday"
    assert b"Version 2" in answer.content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("holidays", "25 December Christmas"),
        ("holidays", "2099-12-25"),
        ("holidays", "20991225 Christmas"),
        ("holidays", "2099-02-30 Never"),
        ("holidays", "2099-12-25 A\n2099-12-25 B"),
        ("holidays", "2099-12-25 " + "x" * 81),
        ("holidays", "2099-12-25 A\u202eB"),
        ("weekdays", []),
        ("weekdays", ["8"]),
        ("time_zone", "Mars/Olympus"),
        ("decide_days", 0),
        ("managers_reminded_hours", 25),
        ("when_late", "shrug"),
        ("seen", "x"),
    ],
)
def test_what_does_not_fit_comes_back_and_nothing_is_set(
    browser: Client, field: str, value: Any
) -> None:
    answer = browser.post("/promise/set/", asked(**{field: value}))

    assert answer.status_code == 400
    assert Promise.objects.count() == 1


def test_a_page_that_is_older_than_the_promise_sets_nothing(
    browser: Client, promising: Promising
) -> None:
    sent = asked(decide_days=9)
    promising(decide_days=3)

    answer = browser.post("/promise/set/", sent)

    assert answer.status_code == 400
    assert b"while you were at it" in answer.content
    assert Promise.objects.in_force().decide_days == 3


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_preview_says_what_would_be_due_and_sets_nothing(
    browser: Client, headers: dict[str, str]
) -> None:
    """In the zone of that promise, whatever the zone of the manager."""
    sent = asked(decide_days=30, time_zone="Asia/Tokyo") | {"preview": "1"}
    evening = timezone.now().astimezone(UTC).replace(hour=18)  # it is tomorrow in Tokyo

    with time_machine.travel(evening, tick=False):
        answer = browser.post("/promise/set/", sent, headers=headers)

    tokyo = promise_like(Promise.objects.in_force(), decide_days=30, time_zone="Asia/Tokyo")
    words = answer.content.decode()
    assert f"would be due {tokyo.due_at(evening):%a %-d %b %Y, %H:%M}" in words
    now = evening.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f"Now it is {now:%a %-d %b %Y, %H:%M} in Asia/Tokyo" in words
    assert Promise.objects.count() == 1


def test_days_off_that_are_over_stay_and_are_not_asked_for_again(
    browser: Client, promising: Promising
) -> None:
    promising(holidays={"2020-01-01": "New Year", "2099-01-01": "New Year"})
    page = browser.get("/promise/set/").content.decode()
    browser.post("/promise/set/", asked(holidays="2099-05-01 Labour Day"))

    assert "2099-01-01 New Year" in page
    assert "2020-01-01" not in page.partition("Versions")[0]
    kept = Promise.objects.in_force().holidays
    assert kept == {"2020-01-01": "New Year", "2099-05-01": "Labour Day"}


def test_a_version_shows_what_it_changed(promising: Promising) -> None:
    first = Promise.objects.in_force()
    second = promising(weekdays="1357", holidays={"2099-01-01": "New Year"})

    said = {one.label: (one.before, one.after) for one in changes(first, second)}

    assert said == {
        "Working days": ("Monday to Friday", "Monday, Wednesday, Friday and Sunday"),
        "Days off": ("none", "New Year, 1 Jan 2099"),
    }


def test_everybody_reads_the_promise_and_since_when(client: Client, promising: Promising) -> None:
    promising(decide_days=7, holidays={"2020-01-01": "Long ago", "2099-01-01": "New Year"})
    page = client.get("/promise/").content.decode()

    assert "7 working days" in page
    assert "Monday to Friday" in page
    assert "New Year, 1 January 2099" in page
    assert "Long ago" not in page
    assert "Nothing is approved by silence" in page


def test_the_policy_on_silence_stands_since_it_was_set_and_not_since_the_last_version(
    client: Client, promising: Promising
) -> None:
    silent = promising(when_late="silence")
    newest = promising(decide_days=4)

    assert newest.policy_since() == silent.set_at < newest.set_at
    assert "approved by silence</strong>, unless a check has flagged it" in (
        client.get("/promise/").content.decode()
    )
    back = promising(when_late="apologise")
    assert back.policy_since() == back.set_at


def test_a_due_date_is_told_by_the_promises_own_clock(promising: Promising) -> None:
    promise = promising(time_zone="Asia/Tokyo", decide_days=1)
    saturday_in_tokyo = datetime(2026, 11, 27, 20, 0, tzinfo=ZoneInfo("UTC"))

    due = promise.due_at(saturday_in_tokyo)

    assert due == datetime(2026, 12, 1, 0, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
