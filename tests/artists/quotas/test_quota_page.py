"""The managers' page of quotas."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.access.services import create_token
from artists.models import Artist, Cohort, LedgerCheck, LedgerEntry, Limit, Raise
from artists.quotas.ceilings import grant, raise_for_a_time
from artists.quotas.services import reserve, settle
from artists.quotas.views import CHANGES_SHOWN, CLIPS_SHOWN, ENTRIES_SHOWN
from portal.audit import Event

PROGRAMME = reverse("artists:quotas", args=["programme"])
SET = {"set-what": "credits-total", "set-ceiling": "1500", "set-reason": "For the film"}


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def limit(artist: Artist) -> Limit:
    return artist.limits.get()


def page_of(one: Artist | Cohort) -> str:
    kind = "artist" if isinstance(one, Artist) else "cohort"
    return reverse("artists:quotas", args=[f"{kind}-{one.pk}"])


def raised(limit: Limit, by: Artist, **facts: Any) -> Raise:
    now = timezone.now()
    known: dict[str, Any] = {"extra": 200, "starts_at": now, "ends_at": now + timedelta(days=3)}
    return raise_for_a_time(limit, by=by, reason="A festival", **known | facts)


def test_an_empty_programme_says_what_there_is_not(browser: Client) -> None:
    page = browser.get(PROGRAMME).text

    assert "No limit is set here." in page
    assert "Nothing was spent here in that time." in page
    assert "Nobody has changed a limit here yet." in page
    assert "The ledger has nothing about these periods yet." in page
    assert "It has not run yet." in page
    assert "Raise for a time" not in page


def test_an_artist_is_found_by_name_or_address_and_a_cohort_by_name(
    browser: Client, artist: Artist, cohort: Cohort
) -> None:
    for words, found in (("ad", artist), ("ada@exam", artist), ("spri", cohort)):
        assert page_of(found) in browser.get(PROGRAMME, {"q": words}).text
    assert "goes by that name" in browser.get(PROGRAMME, {"q": "%_'; drop"}).text


@pytest.mark.parametrize(
    "slug", ["nobody", "artist-0", "artist-x", "cohort-99", "artist-", f"artist-{10**30}"]
)
def test_a_scope_that_is_none_is_not_found(browser: Client, slug: str) -> None:
    assert browser.get(reverse("artists:quotas", args=[slug])).status_code == 404


def test_the_page_shows_meters_raises_entries_and_what_was_spent(
    browser: Client, artist: Artist, limit: Limit, manager: Artist
) -> None:
    token, _ = create_token(artist, "laptop", ceilings={Limit.Period.DAY: 30})
    settle(reserve(artist=artist, amount=40, money=2500), amount=40, cost=3000)
    reserve(artist=artist, amount=10, token=token)
    raised(limit, manager)

    page = browser.get(page_of(artist)).text

    assert "<strong>1150</strong> of 1200 credits free" in page
    assert "40 spent and 10 held of 1200 credits" in page
    assert "for the token “laptop”" in page
    assert "A festival" in page
    assert 'aria-label="Credits: 40 credits in the last 30 days, the most on' in page
    assert 'aria-label="Money: 0.25 USD in the last 30 days, the most on' in page
    assert "Providers billed 0.05 USD beyond what was held, for 1 clip:" in page
    assert "0.30 USD" in page


def test_a_manager_sets_a_ceiling_with_a_reason(
    browser: Client, artist: Artist, limit: Limit, manager: Artist
) -> None:
    """I3, I10"""
    answer = browser.post(reverse("artists:set_ceiling", args=[f"artist-{artist.pk}"]), SET)

    assert answer["Location"] == page_of(artist)
    limit.refresh_from_db()
    entry = LedgerEntry.objects.get(by=manager)
    assert (limit.ceiling, entry.reason) == (1500, "For the film")
    assert Event.objects.latest().verb == "limit.set"
    assert "For the film" in browser.get(page_of(artist)).text


def test_a_manager_sets_a_new_limit_of_a_cohort_and_the_programmes_budget_in_money(
    browser: Client, cohort: Cohort
) -> None:
    month = {"set-what": "credits-month", "set-ceiling": "9000", "set-reason": "Spring"}
    money = {"set-what": "money-month", "set-ceiling": "250.5", "set-reason": "Spring"}

    browser.post(reverse("artists:set_ceiling", args=[f"cohort-{cohort.pk}"]), month)
    browser.post(reverse("artists:set_ceiling", args=["programme"]), money)

    assert Limit.objects.get(cohort=cohort).ceiling == 9000
    budget = Limit.objects.get(unit=Limit.Unit.MONEY)
    assert (budget.ceiling, budget.period) == (2_505_000, "month")
    assert "<strong>250.50 USD</strong> of 250.50 USD" in browser.get(PROGRAMME).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ceiling", ""),
        ("ceiling", "-1"),
        ("ceiling", "1.5"),
        ("ceiling", "1e30"),
        ("ceiling", "9999999999"),
        ("ceiling", "NaN"),
        ("reason", ""),
        ("reason", "   "),
        ("reason", "x" * 301),
        ("what", "money-month"),
        ("what", "credits-century"),
    ],
)
def test_a_ceiling_that_does_not_fit_or_has_no_reason_changes_nothing(
    browser: Client, artist: Artist, limit: Limit, field: str, value: str
) -> None:
    address = reverse("artists:set_ceiling", args=[f"artist-{artist.pk}"])

    answer = browser.post(address, SET | {f"set-{field}": value})

    assert answer.status_code == 400
    assert field in answer.context["set_form"].errors
    limit.refresh_from_db()
    assert limit.ceiling == 1000
    assert not LedgerEntry.objects.exists()


def raise_form(limit: Limit, /, **changed: str) -> dict[str, str]:
    until = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form = {"limit": str(limit.pk), "extra": "200", "ends_at": until, "reason": "A festival"}
    return {f"raise-{name}": value for name, value in (form | changed).items()}


def test_a_manager_raises_a_limit_for_a_time_and_ends_it_early(
    browser: Client, artist: Artist, limit: Limit, manager: Artist
) -> None:
    """I3, I10"""
    address = reverse("artists:raise_limit", args=[f"artist-{artist.pk}"])
    assert browser.post(address, raise_form(limit))["Location"] == page_of(artist)
    reserve(artist=artist, amount=1100)
    one = Raise.objects.get()
    assert (one.extra, one.by, one.reason) == (200, manager, "A festival")

    ending = reverse("artists:end_raise", args=[one.pk])
    assert browser.post(ending, {"reason": " "}).status_code == 400
    assert browser.post(ending, {"reason": "Over"})["Location"] == page_of(artist)

    assert "0</strong> of 1100 credits free" in browser.get(page_of(artist)).text
    assert browser.post(ending, {"reason": "Over"}).status_code == 409
    verbs = [event.verb for event in Event.objects.all()]
    assert verbs == ["limit.raised", "raise.ended"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("extra", "0"),
        ("extra", "2.5"),
        ("ends_at", "2020-01-01T12:00"),
        ("ends_at", "soon"),
        ("starts_at", "2999-01-01T12:00"),
        ("limit", "0"),
        ("reason", ""),
    ],
)
def test_a_raise_that_does_not_fit_or_has_no_reason_is_not_made(
    browser: Client, artist: Artist, limit: Limit, field: str, value: str
) -> None:
    address = reverse("artists:raise_limit", args=[f"artist-{artist.pk}"])

    answer = browser.post(address, raise_form(limit, **{field: value}))

    assert answer.status_code == 400
    assert answer.context["raise_form"].errors
    assert not Raise.objects.exists()


def test_the_limit_of_somebody_else_is_not_raised_on_this_page(
    browser: Client, artist: Artist, other_artist: Artist
) -> None:
    address = reverse("artists:raise_limit", args=[f"artist-{artist.pk}"])

    answer = browser.post(address, raise_form(other_artist.limits.get()))

    assert answer.status_code == 400
    assert not Raise.objects.exists()


def test_a_manager_ends_a_limit_with_a_reason_and_undoes_it(
    browser: Client, artist: Artist, limit: Limit, manager: Artist
) -> None:
    """I10"""
    ending = reverse("artists:end_limit", args=[limit.pk])
    assert browser.post(ending).status_code == 400
    assert browser.post(ending, {"reason": "No more"}).status_code == 302
    assert browser.post(ending, {"reason": "No more"}).status_code == 404
    entry = LedgerEntry.objects.get(by=manager)
    undoing = reverse("artists:undo", args=[entry.pk])
    assert undoing in browser.get(page_of(artist)).text

    assert browser.post(undoing)["Location"] == page_of(artist)

    limit.refresh_from_db()
    assert limit.ended_at is None
    assert undoing not in browser.get(page_of(artist)).text
    assert browser.post(undoing).status_code == 409


def test_what_an_artist_set_for_a_token_is_not_a_managers_to_undo(
    browser: Client, artist: Artist
) -> None:
    create_token(artist, "laptop", ceilings={Limit.Period.DAY: 30})
    entry = LedgerEntry.objects.get(by=artist)
    token_limit = entry.window.limit

    undone = browser.post(reverse("artists:undo", args=[entry.pk]))
    ended = browser.post(reverse("artists:end_limit", args=[token_limit.pk]), {"reason": "No"})

    assert (undone.status_code, ended.status_code) == (404, 404)


def test_a_ledger_that_does_not_add_up_is_shown_on_every_page(
    browser: Client, artist: Artist
) -> None:
    LedgerCheck.objects.create(
        at=timezone.now(), windows=3, wrong=2, sentences=["window 1: held is 4"], told=[]
    )

    for address in (PROGRAMME, page_of(artist)):
        page = browser.get(address).text
        assert "The ledger does not add up in 2 places." in page
        assert "window 1: held is 4" in page


def test_the_page_takes_the_same_queries_however_much_there_is(
    browser: Client,
    manager: Artist,
    make_artist: Callable[..., Artist],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    grant(Limit(period=Limit.Period.MONTH), amount=9000, by=manager, reason="Spring")
    for name in ("Uma", "Vic", "Wim"):
        one = make_artist(name)
        for number in range(9):
            settle(reserve(artist=one, amount=5, money=10), amount=5, cost=10 + number)
        limit = Limit.objects.get(cohort=None, artist=None)
        raised(limit, one)
        for amount in range(9000, 9006):
            grant(limit, amount=amount, by=one, reason="Again")

    with django_assert_max_num_queries(20):
        answer = browser.get(PROGRAMME)

    shown = answer.context
    assert len(shown["changes"]) == CHANGES_SHOWN
    assert len(shown["entries"]) == ENTRIES_SHOWN
    assert len(shown["clips"]) == CLIPS_SHOWN
