"""The managers' page of pauses, the banner, and the public status."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.access.pausing import lift
from artists.models import Artist, Pause, Token
from artists.roles.services import MANAGER, set_roles
from generations.models import Generation, VideoModel
from generations.taking import making
from generations.taking.services import ask
from tests.generations.pauses.conftest import REASON, SCOPES, paused

PAUSES = "/pauses/"
SLUGS = {"video_model": "model"}


def form_of(**fields: str) -> dict[str, str]:
    expected_end = timezone.now() + timedelta(days=1)
    known = {"reason": REASON, "expected_end": f"{expected_end:%Y-%m-%dT%H:%M}"}
    return known | {"allows_looking": "on"} | fields


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def addresses(
    artist: Artist, token: Token, video_model: VideoModel
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Of each scope: the page that pauses it, and the scope itself."""
    keys: dict[str, dict[str, Any]] = {
        "programme": {},
        "cohort": {"cohort_id": artist.cohort_id},
        "artist": {"artist_id": artist.pk},
        "token": {"token_id": token.pk},
        "video_model": {"video_model_id": video_model.pk},
    }
    slugs = {
        scope: "-".join([SLUGS.get(scope, scope), *(str(key) for key in given.values())])
        for scope, given in keys.items()
    }
    return {scope: (f"/pauses/new/{slugs[scope]}/", keys[scope]) for scope in SCOPES}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_manager_pauses_and_lifts(
    browser: Client, addresses: dict[str, tuple[str, dict[str, Any]]], manager: Artist, scope: str
) -> None:
    address, keys = addresses[scope]
    assert browser.get(address).status_code == 200

    answer = browser.post(address, form_of(cancels_queued="on"), follow=True)

    stop = Pause.objects.get()
    assert {name: getattr(stop, name) for name in keys} == keys
    assert (stop.scope, stop.made_by, stop.reason) == (scope, manager, REASON)
    assert (stop.cancels_queued, stop.stops_running, stop.allows_looking) == (True, False, True)
    assert REASON in answer.text
    browser.post(reverse("generations:lift", args=[stop.pk]))
    stop.refresh_from_db()
    assert (stop.lifted_at is not None, stop.lifted_by) == (True, manager)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": " \n "},
        {"reason": "x" * 301},
        {"expected_end": ""},
        {"expected_end": "2020-01-01T10:00"},
        {"expected_end": "soon"},
    ],
)
def test_a_form_that_does_not_fit_pauses_nothing(browser: Client, wrong: dict[str, str]) -> None:
    answer = browser.post("/pauses/new/programme/", form_of(**wrong))

    assert answer.status_code == 400
    assert 'class="errorlist"' in answer.text
    assert not Pause.objects.exists()


@pytest.mark.parametrize(
    "slug",
    ["nobody", "artist-0", "artist-", "artist-x", "model-999", "programme-1", "token-" + "9" * 30],
)
def test_what_is_not_there_cannot_be_paused(browser: Client, slug: str) -> None:
    assert browser.get(f"/pauses/new/{slug}/").status_code == 404


def test_a_form_that_is_sent_twice_pauses_once(browser: Client) -> None:
    first = browser.post("/pauses/new/programme/", form_of())
    second = browser.post("/pauses/new/programme/", form_of())

    assert (first.status_code, second.status_code) == (302, 409)
    assert "paused already" in second.text
    assert Pause.objects.count() == 1


def test_a_pause_is_lifted_once(browser: Client) -> None:
    address = reverse("generations:lift", args=[paused().pk])

    answers = [browser.post(address).status_code for _ in range(2)]

    assert answers == [302, 409]


def test_artists_cohorts_and_tokens_are_found(
    browser: Client, artist: Artist, token: Token
) -> None:
    by_name = browser.get(PAUSES, {"q": "ada"}).text
    by_hint = browser.get(PAUSES, {"q": token.hint}).text

    assert f"/pauses/new/artist-{artist.pk}/" in by_name
    assert f"/pauses/new/token-{token.pk}/" in by_name
    assert f"/pauses/new/token-{token.pk}/" in by_hint
    assert "/pauses/new/cohort-" in browser.get(PAUSES, {"q": "spring"}).text
    assert "goes by that name" in browser.get(PAUSES, {"q": "nobody at all\x00"}).text


def test_the_way_to_a_pause_begins_where_its_scope_is_seen(
    browser: Client,
    manager: Artist,
    addresses: dict[str, tuple[str, dict[str, Any]]],
) -> None:
    set_roles(manager, [MANAGER], by=None)
    seen_at = {
        "cohort": reverse("admin:artists_cohort_changelist"),
        "artist": reverse("admin:artists_artist_changelist"),
        "token": reverse("admin:artists_token_changelist"),
        "video_model": reverse("admin:generations_videomodel_changelist"),
        "programme": reverse("artists:quotas", args=["programme"]),
    }

    for scope, page in seen_at.items():
        assert f'href="{addresses[scope][0]}"' in browser.get(page).text, scope


@pytest.mark.parametrize("scope", SCOPES)
def test_an_artist_reads_on_every_page_what_is_paused_and_why(
    client: Client,
    artist: Artist,
    other_artist: Artist,
    scope_of: Callable[[str], dict[str, Any]],
    scope: str,
) -> None:
    paused(**scope_of(scope), reason=f"{REASON} <b>")
    pages = [
        "/home/",
        "/works/",
        "/create/",
        "/tokens/",
        "/grounds/",
        "/accounts/email/",
        "/status/",
    ]

    client.force_login(artist)
    for page in pages:
        assert f"{REASON} &lt;b&gt;" in client.get(page).text, page
    client.force_login(other_artist)
    is_theirs_too = scope in ("programme", "cohort", "video_model")
    assert (REASON in client.get("/tokens/").text) == is_theirs_too
    client.logout()
    assert REASON not in client.get("/grounds/").text


def test_the_banner_costs_no_query_while_nothing_is_paused_and_one_else(
    client: Client,
    artist: Artist,
    other_artist: Artist,
    token: Token,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(artist)
    with CaptureQueriesContext(connection) as usual:
        client.get("/grounds/")
    paused(artist=other_artist)
    with django_assert_num_queries(len(usual)):
        client.get("/grounds/")

    paused()
    paused(artist=artist)
    paused(token=token)
    with django_assert_num_queries(len(usual) + 1):
        client.get("/grounds/")


@pytest.mark.parametrize("scope", ["programme", "cohort", "artist"])
def test_works_stay_open_unless_the_pause_shuts_them(
    client: Client,
    artist: Artist,
    other_artist: Artist,
    make_work: Callable[..., Generation],
    scope_of: Callable[[str], dict[str, Any]],
    scope: str,
) -> None:
    work = make_work()
    pages = ["/home/", "/works/", "/create/", "/active/", work.get_absolute_url()]
    pages += [f"{work.get_absolute_url()}{part}/" for part in ("master", "download", "progress")]
    archive = ask(artist)
    making.make(archive.pk)
    pages += ["/take/", "/take/progress/", f"/take/{archive.pk}/"]
    client.force_login(artist)

    stop = paused(**scope_of(scope))
    assert {client.get(page).status_code for page in pages} == {200}
    lift(stop, by=None)
    paused(**scope_of(scope), allows_looking=False)

    answers = [client.get(page) for page in pages]
    assert {answer.status_code for answer in answers} == {403}
    assert all(REASON in answer.text for answer in answers)
    assert client.post("/take/").status_code == 403
    assert client.get("/tokens/").status_code == 200
    client.force_login(other_artist)
    status = client.get("/home/").status_code
    assert status == (200 if scope == "artist" else 403)


def test_a_paused_artist_reads_why_where_a_clip_is_made(
    client: Client, artist: Artist, video_model: VideoModel
) -> None:
    client.force_login(artist)
    paused(artist=artist)
    chosen = {"model": "sketch-1", "style": "film", "size": "1280x720", "duration_seconds": "4"}

    answer = client.post("/create/", chosen | {"prompt": "A paper boat"})

    assert answer.status_code == 400
    assert f"Your access is paused: {REASON}." in answer.text
    assert not Generation.objects.exists()


def test_the_status_is_public_and_says_nothing_of_people(
    client: Client, artist: Artist, token: Token, video_model: VideoModel
) -> None:
    """I7"""
    assert "Nothing is paused" in client.get("/status/").text
    for scope in ({"artist": artist}, {"token": token}, {"cohort": artist.cohort}):
        lift(paused(**scope, reason="Secret before"), by=None)
        paused(**scope, reason="Secret of now")
    lift(paused(video_model_id=video_model.pk, reason="Too slow"), by=None)
    paused(reason="A wave of heat")

    page = client.get("/status/").text

    assert "Secret" not in page
    assert "A wave of heat" in page
    assert "Too slow" in page
    assert video_model.title in page


@pytest.mark.parametrize("address", [PAUSES, "/status/"])
def test_long_lists_come_in_pages_of_as_many_queries(
    browser: Client,
    address: str,
    manager: Artist,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lift(paused(by=manager, reason="Reason 00"), by=manager)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(1, 35):
        lift(paused(by=manager, reason=f"Reason {number:02}"), by=manager)
    with django_assert_num_queries(len(few)):
        first = browser.get(address).text
    second = browser.get(f"{address}?after={Pause.objects.get(reason='Reason 05').pk}").text

    assert len(few) <= 10
    assert "Reason 05" in first
    assert "Reason 04" not in first
    assert "Reason 04" in second
    assert "Reason 05" not in second
    assert browser.get(f"{address}?after=x").status_code == 200
    assert browser.get(f"{address}?after={'9' * 40}").status_code == 200
