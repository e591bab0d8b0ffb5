"""A program says how the public page of a video is shown, and closes it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from artists.models import Artist
from generations.models import Portfolio, Share, ViewCount
from generations.portfolios.services import save_portfolio
from portal.audit import Event
from tests.generations.account.conftest import client_of
from tests.generations.api.test_refusals import error_of
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission, public_bytes

JSON = "application/json"
PASSWORD = " seven paper boats "


def path_of(share: Share) -> str:
    return f"/api/submissions/{share.submission_id}/share"


def change(program: Client, share: Share, **choices: Any) -> Any:
    return program.patch(path_of(share), choices, content_type=JSON)


def open_portfolio(artist: Artist) -> Portfolio:
    said = {"is_open": True, "shows_links": False, "is_findable": False}
    return save_portfolio(artist, address="ada", shares=[], **said)


def test_a_program_reads_how_a_page_is_shown(program: Client, share: Share) -> None:
    ViewCount.objects.add(share)

    answer = program.get(path_of(share))

    page = f"http://localhost:8000/s/{share.slug}/"
    assert answer.status_code == 200
    assert answer.json().pop("embed_code").startswith(f'<iframe src="{page}embed/"')
    assert answer.json() == answer.json() | {
        "object": "share",
        "submission_id": str(share.submission_id),
        "url": page,
        "status": "live",
        "has_password": False,
        "expires_at": None,
        "shows_prompt": True,
        "allows_download": False,
        "allows_embedding": True,
        "in_gallery": True,
        "in_portfolio": False,
        "is_findable": False,
        "views": 1,
    }


def test_each_choice_is_made_and_taken_back_alone(
    program: Client, client: Client, share: Share, artist: Artist
) -> None:
    open_portfolio(artist)
    before = program.get(path_of(share)).json()
    at = int((timezone.now() + timedelta(days=3)).timestamp()) // 60 * 60
    others = {
        "shows_prompt": (False, True),
        "allows_download": (True, False),
        "allows_embedding": (False, True),
        "in_gallery": (False, True),
        "in_portfolio": (True, False),
        "is_findable": (True, False),
        "expires_at": (at, None),
    }
    for name, values in others.items():
        for value in values:
            after = change(program, share, **{name: value})
            assert after.status_code == 200, after.json()
            assert after.json() == before | {name: value, "embed_code": after.json()["embed_code"]}


def test_a_password_is_set_as_it_was_sent_and_taken_away(
    program: Client, client: Client, share: Share
) -> None:
    page = share.get_absolute_url()

    locked = change(program, share, password=PASSWORD)

    assert (locked.json()["has_password"], locked.json()["embed_code"]) == (True, None)
    assert PASSWORD.strip() not in locked.text
    share.refresh_from_db()
    assert PASSWORD not in share.password
    assert client.get(f"{page}master/").status_code == 403
    assert change(program, share, in_gallery=False).json()["has_password"] is True
    client.post(f"{page}unlock/", {"password": PASSWORD})
    assert b"".join(client.get(f"{page}master/")) == public_bytes(share)
    assert change(program, share, password=None).json()["has_password"] is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "seven"),
        ("password", ""),
        ("password", "x" * 129),
        ("password", "paper\x00boats"),
        ("password", 12345678),
        ("expires_at", 1_000_000_000),
        ("expires_at", 253_402_300_799),
        ("expires_at", 10**20),
        ("expires_at", -1),
        ("expires_at", "tomorrow"),
        ("in_gallery", None),
        ("in_portfolio", "perhaps"),
        ("allows_download", 1),
        ("passwrod", "paper boats"),
        ("hides_prompt", True),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(
    program: Client, share: Share, name: str, value: object
) -> None:
    answer = change(program, share, is_findable=True, **{name: value})

    assert (answer.status_code, error_of(answer)["param"]) == (400, name)
    share.refresh_from_db()
    assert not share.is_findable


def test_what_is_not_there_to_be_shown_is_not_chosen(
    program: Client, make_share: MakeShare
) -> None:
    share = make_share(show_prompt=False)

    prompt = change(program, share, shows_prompt=True, is_findable=True)
    portfolio = change(program, share, in_portfolio=True, is_findable=True)

    assert (prompt.status_code, error_of(prompt)["code"]) == (409, "prompt_not_approved")
    assert (portfolio.status_code, error_of(portfolio)["code"]) == (409, "no_portfolio")
    assert not Share.objects.filter(is_findable=True).exists()


def test_what_a_form_leaves_out_stays(program: Client, share: Share) -> None:
    """A form of a program says nothing of what it leaves out, unlike one of a browser."""
    body = encode_multipart(BOUNDARY, {"allows_download": "true"})
    answer = program.patch(path_of(share), body, content_type=MULTIPART_CONTENT)

    assert answer.json()["allows_download"] is True
    assert answer.json()["in_gallery"] is True


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 200),
        ("--ours--", 200),
        ("\r\n--ours--\r\n", 200),
        ("-3.0", 400),
        ("--ours\r\n-3.0--ours--\r\n", 400),
        ("--theirs\r\n\r\n--theirs--\r\n", 400),
    ],
)
def test_a_form_in_which_nothing_can_be_read_is_no_empty_one(
    program: Client, share: Share, body: str, status: int
) -> None:
    form = "multipart/form-data; boundary=ours"

    assert program.patch(path_of(share), body, content_type=form).status_code == status


def test_a_page_is_closed_by_a_program(program: Client, client: Client, share: Share) -> None:
    assert program.delete(path_of(share)).json()["status"] == "withdrawn"

    assert client.get(share.get_absolute_url()).status_code == 410
    assert program.get(path_of(share)).json()["embed_code"] is None
    for again in (program.delete(path_of(share)), change(program, share, in_gallery=False)):
        assert (again.status_code, error_of(again)["code"]) == (409, "already_ended")


def test_the_trail_says_what_was_chosen_and_no_password(
    program: Client, share: Share, artist: Artist
) -> None:
    change(program, share, password=PASSWORD, in_gallery=False, is_findable=False)
    change(program, share, in_gallery=False)
    program.delete(path_of(share))

    events = Event.objects.filter(subject_type="generations.share", actor_id=artist.pk)
    assert [(event.verb, event.facts) for event in events] == [
        (
            "share.changed",
            {
                "in_gallery": {"before": True, "after": False},
                "password": {"before": False, "after": True},
            },
        ),
        ("share.withdrawn", {}),
    ]


def test_nobody_reads_or_changes_anothers(
    other_program: Client, program: Client, share: Share, make_submission: MakeSubmission
) -> None:
    """I7"""
    for answer in (
        other_program.get(path_of(share)),
        change(other_program, share, in_gallery=False),
        other_program.delete(path_of(share)),
    ):
        assert (answer.status_code, error_of(answer)["code"]) == (404, "submission_not_found")
    share.refresh_from_db()
    assert (share.in_gallery, share.is_live) == (True, True)
    never = program.get(f"/api/submissions/{make_submission().pk}/share")
    assert (never.status_code, error_of(never)["code"]) == (404, "share_not_found")


@pytest.mark.parametrize("verb", ["get", "patch", "delete"])
def test_a_token_without_the_scope_is_refused(artist: Artist, share: Share, verb: str) -> None:
    narrow = client_of(artist, scopes=["videos:read"])

    answer = getattr(narrow, verb)(path_of(share), content_type=JSON)

    assert (answer.status_code, error_of(answer)["code"]) == (403, "missing_scope")
