"""Who owes the terms sees, takes and removes what is theirs, and makes nothing new."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from artists.access.services import create_token
from artists.models import Artist, Decline, Token
from artists.terms.services import accept, decline
from generations.models import Generation, VideoModel
from generations.models.generation import Status
from tests.artists.terms.texts import publish_text
from tests.generations.api.conftest import make_video, program, program_of
from tests.generations.appeals.fixtures import make_refusal
from tests.generations.sharing.fixtures import ground, make_share, make_submission, make_work
from tests.urls.addresses import addresses
from tests.urls.table import MANAGERS, MINE, POST_ALONE, PUBLIC, REVIEWERS, SIGNED_IN, TABLE

__all__ = [
    "addresses",
    "ground",
    "make_refusal",
    "make_share",
    "make_submission",
    "make_video",
    "make_work",
    "program",
]

ACCEPT = reverse("artists:accept_terms")
ALWAYS = {"artists:accept_terms", "artists:decline_terms"}
FOR_PROGRAMS = {"idp:oidc:device_code", "idp:oidc:token", "idp:oidc:revoke"}  # by their secrets
TAKES_OR_REMOVES = {
    "artists:revoke_token",
    "generations:cancel",
    "generations:stop",
    "generations:remove",
    "generations:withdraw",
    "generations:withdraw_submission",
    "generations:webhook_remove",
    "generations:appeal_write",
    "generations:appeal_withdraw",
    "generations:come_back",
    "artists:end_session",
    "artists:end_other_sessions",
}
OPEN_BEFORE = {"generations:take", "generations:take_progress", "generations:take_download"}
OPEN_BEFORE |= {"generations:leave"}
OPEN_BEFORE |= {  # how what is shared is seen, and what was said of one's own
    "generations:how_it_is_shared",
    "generations:my_portfolio",
    "generations:appeal",
    "generations:appeal_submission",
    "generations:refused_prompts",
    "generations:refused_prompt",
}
ACCOUNT = {name for name in TABLE if name.startswith(("account_", "mfa_"))}
BY_SECRET = {
    "callback",
    "artists:withdraw_application",
    "generations:unlock",
}  # in the address; no session counts
GUARDED = [
    name
    for name, row in TABLE.items()
    if row in (SIGNED_IN, MINE, REVIEWERS, MANAGERS) and name not in ALWAYS | ACCOUNT | OPEN_BEFORE
]
POSTS = [
    name for name, row in TABLE.items() if row == POST_ALONE and name not in ALWAYS | BY_SECRET
]


@pytest.fixture
def owing(client: Client, artist: Artist, addresses: dict[str, str]) -> Client:
    """Ada's browser; she has not answered the terms in force."""
    publish_text("# One\n")
    client.force_login(artist)
    return client


def test_without_an_answer_every_page_leads_to_the_terms(
    owing: Client, addresses: dict[str, str]
) -> None:
    ways = {name: owing.get(addresses[name]) for name in GUARDED}

    assert len(ways) > 20
    assert {name: way.status_code for name, way in ways.items()} == dict.fromkeys(ways, 302)
    assert all(way["Location"].startswith(f"{ACCEPT}?next=") for way in ways.values())


def test_what_is_public_stays_so(owing: Client, addresses: dict[str, str]) -> None:
    public = [name for name, row in TABLE.items() if row == PUBLIC]

    answers = {name: owing.get(addresses[name]).status_code for name in public}

    assert answers == dict.fromkeys(public, 200)


def test_one_takes_ones_work_and_leaves_without_an_answer(
    owing: Client, addresses: dict[str, str]
) -> None:
    for name in ("generations:take", "generations:take_download"):
        assert owing.get(addresses[name]).status_code == 200
    assert owing.post(addresses["generations:take"]).status_code != HTTPStatus.FORBIDDEN
    answer = owing.get(addresses["generations:leave"])
    assert not answer.headers.get("Location", "").startswith(ACCEPT)


def test_the_terms_themselves_and_the_account_stay_open(
    owing: Client, addresses: dict[str, str]
) -> None:
    for name in ("artists:accept_terms", "account_email", "account_logout"):
        assert owing.get(addresses[name]).status_code == 200
    assert owing.post(addresses["account_logout"])["Location"] == reverse("front")


def test_a_fragment_of_a_page_leads_the_whole_page_there(
    owing: Client, addresses: dict[str, str]
) -> None:
    answer = owing.get(addresses["generations:active"], headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == ACCEPT


@pytest.mark.parametrize("has_declined", [False, True])
def test_whatever_makes_or_changes_something_is_refused(
    owing: Client, artist: Artist, addresses: dict[str, str], has_declined: bool
) -> None:
    if has_declined:
        decline(artist)

    answers = {
        name: owing.post(addresses[name])
        for name in [*POSTS, "generations:create", "artists:tokens", "generations:webhooks"]
        if name not in TAKES_OR_REMOVES | FOR_PROGRAMS
    }

    refused = {name for name, answer in answers.items() if answer.status_code == 403}
    assert refused == set(answers)
    page = answers["generations:submit"].content.decode()
    assert "terms_not_accepted" in page
    assert f'href="{ACCEPT}">Read the terms</a>' in page


@pytest.mark.parametrize("name", sorted(TAKES_OR_REMOVES))
def test_what_takes_or_removes_is_not(
    owing: Client, artist: Artist, addresses: dict[str, str], name: str
) -> None:
    decline(artist)

    assert owing.post(addresses[name]).status_code != HTTPStatus.FORBIDDEN


def test_after_a_no_one_sees_everything_but_where_things_are_made(
    owing: Client, artist: Artist, addresses: dict[str, str]
) -> None:
    decline(artist)

    assert owing.get(addresses["generations:library"]).status_code == 200
    assert owing.get(addresses["generations:work"]).status_code == 200
    assert owing.get(addresses["generations:download"]).status_code == 200
    assert owing.get(addresses["generations:create"]).status_code == 403


def test_with_a_yes_nothing_stands_in_the_way(
    owing: Client, artist: Artist, addresses: dict[str, str]
) -> None:
    accept(artist=artist, terms=[publish_text("# Two\n")])

    assert owing.get(addresses["generations:create"]).status_code == 200
    assert owing.post(addresses["generations:create"], {"prompt": ""}).status_code == 400
    assert owing.post(addresses["generations:remove"]).status_code == 302


@pytest.fixture
def work_of(artist: Artist, make_video: Callable[..., Generation]) -> Generation:
    return make_video(Status.READY)


def test_a_program_reads_takes_and_deletes_and_makes_nothing(
    program: Client, artist: Artist, work_of: Generation
) -> None:
    publish_text("# One\n")
    video = f"/v1/videos/video_{work_of.pk.hex}"

    for answer in (
        program.post("/v1/videos", {"prompt": "A boat"}),
        program.post(f"{video}/remix", {"prompt": "A boat"}),
        program.post("/v1/webhook_endpoints", {"name": "x", "url": "https://hooks.example/"}),
    ):
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (403, "terms_not_accepted")
        assert f"http://localhost:8000{ACCEPT}" in error["message"]
        assert answer["x-should-retry"] == "false"
    assert Generation.objects.count() == 1
    assert program.get("/v1/videos").status_code == 200
    assert program.get("/v1/quota").status_code == 200
    assert program.get(f"{video}/content").status_code == 200
    assert program.delete(video).status_code == 200


def test_a_yes_holds_for_programs_from_the_next_request_on(program: Client, artist: Artist) -> None:
    terms = publish_text("# One\n")
    assert program.post("/v1/videos", {"prompt": "A boat"}).status_code == 403

    accept(artist=artist, terms=[terms])

    assert program.post("/v1/videos", {"prompt": "A boat"}).status_code == 200


def test_anothers_yes_is_not_ones_own(
    artist: Artist, other_artist: Artist, video_model: VideoModel
) -> None:
    accept(artist=other_artist, terms=[publish_text("# One\n")])

    assert program_of(artist).post("/v1/videos", {"prompt": "A boat"}).status_code == 403
    assert program_of(other_artist).post("/v1/videos", {"prompt": "A boat"}).status_code == 200


def test_the_door_costs_no_query_of_its_own(
    client: Client,
    artist: Artist,
    video_model: VideoModel,
    django_assert_num_queries: Callable[..., object],
) -> None:
    """It is read along with the artist of a session, and with a program's token."""
    accept(artist=artist, terms=[publish_text("# One\n")])
    client.force_login(artist)
    client.get("/works/")
    tool = program_of(artist)
    tool.get("/v1/videos")

    with django_assert_num_queries(5):  # type: ignore[attr-defined]  # and two for permissions
        client.get("/works/")
    with django_assert_num_queries(2):  # type: ignore[attr-defined]  # token, videos
        tool.get("/v1/videos")


def test_where_nothing_is_published_nobody_owes_anything(artist: Artist) -> None:
    create_token(artist, "laptop")

    assert not Artist.objects.with_terms().get(pk=artist.pk).owes_terms
    assert not Token.objects.with_terms().get().owes_terms
    decline(artist)
    assert not Decline.objects.exists()
