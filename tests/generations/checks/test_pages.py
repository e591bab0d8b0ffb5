"""Managers make, try out, change and retire rules, and set thresholds; each act is in the trail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from generations.checks import writing
from generations.checks.errors import RuleChangedMeanwhile, TooManyRules
from generations.checks.writing import change_rule, make_rule, retire_rule
from generations.models import (
    CheckRule,
    Generation,
    Ground,
    RefusedPrompt,
    RuleList,
    Threshold,
    VideoModel,
)
from portal.audit import Event
from tests.generations.checks.rows import checked_and_refused, wording

pytestmark = pytest.mark.django_db
NEW = "/checks/rules/new/"


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    client.force_login(manager)
    return client


def written(**changes: Any) -> dict[str, Any]:
    ground = Ground.objects.in_force().get(code="rights")
    facts = {
        "title": "Real people",
        "kind": "person",
        "text": "  Ada Lovelace \n\n Ада Лавлейс",
        "ground": ground.pk,
        "action": "refuse",
    }
    return facts | changes


def verbs() -> list[str]:
    return list(Event.objects.order_by("sequence").values_list("verb", flat=True))


def test_a_rule_is_made_changed_and_retired_and_every_version_stays(
    browser: Client, manager: Artist
) -> None:
    browser.post(NEW, written())
    first = CheckRule.objects.get()
    assert first.entries == ["Ada Lovelace", "Ада Лавлейс"]

    browser.post("/checks/rules/1/", written(action="flag", seen=1))
    page = browser.get("/checks/").content.decode()
    assert "version 2" in page
    browser.post("/checks/rules/1/retire/", {"seen": 2})

    versions = list(CheckRule.objects.versions(1).values_list("version", "action", "ended_by"))
    assert versions == [(2, "flag", manager.pk), (1, "refuse", manager.pk)]
    assert verbs()[-3:] == ["check_rule.made", "check_rule.changed", "check_rule.retired"]
    changed = Event.objects.get(verb="check_rule.changed").facts
    assert (changed["before"]["action"], changed["after"]["action"]) == ("refuse", "flag")
    assert "Lovelace" not in str(list(Event.objects.values_list("facts")))
    assert RuleList.objects.get().version == 4
    assert "Retired" in browser.get("/checks/").content.decode()
    assert browser.get("/checks/rules/1/").status_code == 404


def test_trying_out_shows_what_it_would_have_caught_and_keeps_no_rule(
    browser: Client, make_generation: Callable[..., Generation]
) -> None:
    make_generation("Ada Lovelace at sea")
    make_generation("adalovelace in the rain")
    make_generation("A paper boat")

    page = browser.post(NEW, written(**{"try": "1"})).content.decode()

    assert "caught 2 of the last 3 prompts" in page
    assert "Ada Lovelace at sea" in page
    assert "A paper boat" not in page
    assert not CheckRule.objects.exists()
    assert verbs()[-1] == "check_rule.tried"
    facts = Event.objects.latest().facts
    assert (facts["looked_at"], facts["caught"]) == (3, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"text": "…!?"}, "text"),
        ({"text": "x" * 301}, "text"),
        ({"text": "\n".join(f"name {one}" for one in range(501))}, "text"),
        ({"kind": "pattern", "text": "(a"}, "text"),
        ({"kind": "pattern", "text": r"(a)\1"}, "text"),
        ({"kind": "pattern", "text": "a*"}, "text"),
        ({"kind": "pattern", "text": "\n".join(["ab"] * 21)}, "text"),
        ({"ground": ""}, "ground"),
        ({"action": "delete"}, "action"),
    ],
)
def test_what_is_no_rule_is_told_by_its_field(
    browser: Client, change: dict[str, Any], field: str
) -> None:
    answer = browser.post(NEW, written(**change))

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not CheckRule.objects.exists()


def test_who_comes_second_is_told_and_changes_nothing(browser: Client, manager: Artist) -> None:
    make_rule(wording(), by=manager)
    change_rule(1, wording(title="Newer"), seen=1, by=manager)

    answer = browser.post("/checks/rules/1/", written(seen=1))

    assert answer.status_code == 400
    assert "meanwhile" in answer.content.decode()
    assert CheckRule.objects.in_force().get().title == "Newer"
    with pytest.raises(RuleChangedMeanwhile):
        retire_rule(1, seen=1, by=manager)


def test_the_list_has_an_end(manager: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PATTERNS_MOST", 1)
    make_rule(wording(kind="pattern", text="a+b"), by=manager)

    with pytest.raises(TooManyRules):
        make_rule(wording(kind="pattern", text="a+c"), by=manager)
    make_rule(wording(), by=manager)


def test_the_database_keeps_a_version_as_it_was(manager: Artist) -> None:
    make_rule(wording(), by=manager)
    rule = make_rule(wording(), by=manager)
    for change in ({"text": "Somebody else"}, {"action": "flag"}, {"title": "Other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CheckRule.objects.filter(pk=rule.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        CheckRule.objects.filter(pk=rule.pk).delete()


def test_the_page_of_rules_costs_as_many_queries_however_many_there_are(
    browser: Client, manager: Artist, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        make_rule(wording(), by=manager)

    with django_assert_max_num_queries(12):
        browser.get("/checks/")


def thresholds(**changes: Any) -> dict[str, Any]:
    from generations.checks.thresholds import CATEGORIES

    return {f"{category}:flag_at": 50 for category in CATEGORIES} | changes


def test_thresholds_are_set_for_the_programme_and_for_a_cohort(
    browser: Client, artist: Artist, ground: Ground
) -> None:
    whole = {"sexual:refuse_at": 90, "sexual:ground": ground.pk}
    assert browser.post("/checks/thresholds/", thresholds(**whole)).status_code == 302
    sexual = Threshold.objects.get(category="sexual")
    assert (sexual.cohort, sexual.flag_at, sexual.refuse_at) == (None, 50, 90)

    address = f"/checks/thresholds/{artist.cohort_id}/"
    browser.post(address, thresholds(**{"hate:flag_at": ""}))
    own = {one.category: one for one in Threshold.objects.binding(artist.cohort_id)}
    assert (own["hate"].flag_at, own["sexual"].refuse_at) == (None, None)
    assert len(Threshold.objects.binding(None)) == len(own) == 14

    browser.post(address, {"follow": "1"})
    assert Threshold.objects.binding(artist.cohort_id)[0].cohort is None
    assert verbs()[-3:] == ["thresholds.set", "thresholds.set", "thresholds.ended"]


def test_thresholds_may_all_be_left_empty(browser: Client, ground: Ground) -> None:
    browser.post("/checks/thresholds/", thresholds())

    answer = browser.post("/checks/thresholds/")

    assert answer.status_code == 302
    assert {one.flag_at for one in Threshold.objects.binding(None)} == {None}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hate:flag_at": 101}, "hate:flag_at"),
        ({"hate:refuse_at": 90}, "hate:ground"),
        ({"hate:refuse_at": 20}, "hate:refuse_at"),
    ],
)
def test_thresholds_that_make_no_sense_are_told_by_their_field(
    browser: Client, ground: Ground, change: dict[str, Any], field: str
) -> None:
    if field == "hate:refuse_at":
        change = change | {"hate:ground": ground.pk}

    answer = browser.post("/checks/thresholds/", thresholds(**change))

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Threshold.objects.exists()


def test_one_sees_ones_own_refused_prompts_alone(
    client: Client, artist: Artist, other_artist: Artist, video_model: object
) -> None:
    """I7"""
    rule, refused = checked_and_refused(artist)
    client.force_login(artist)
    assert "Ada Lovelace" in client.get("/refused/").content.decode()
    page = client.get(f"/refused/{refused.pk}/").content.decode()
    assert rule.title in page
    assert escape(rule.ground.text)[:40] in page

    client.force_login(other_artist)
    assert "Ada Lovelace" not in client.get("/refused/").content.decode()
    assert client.get(f"/refused/{refused.pk}/").status_code == 404


def test_refused_prompts_come_in_pages(
    client: Client,
    artist: Artist,
    video_model: VideoModel,
    ground: Ground,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        RefusedPrompt.objects.make(
            artist=artist,
            video_model=video_model,
            prompt=f"prompt {number:02}",
            ground=ground,
            category="hate",
        )
    client.force_login(artist)

    with django_assert_max_num_queries(8):
        first = client.get("/refused/")
    second = client.get(f"/refused/?before={first.context['next_cursor']}")

    shown = [*first.context["page"], *second.context["page"]]
    assert (len(first.context["page"]), len({one.prompt for one in shown})) == (25, 30)
    assert [one.pk for one in shown] == sorted((one.pk for one in shown), reverse=True)
    assert client.get("/refused/?before=x").status_code == 404
