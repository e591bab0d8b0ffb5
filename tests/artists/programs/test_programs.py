"""Programs that sign in by device code, end to end through allauth."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from allauth.idp.oidc.models import Client as OAuthClient
from allauth.idp.oidc.models import Token as Issued
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.access.services import revoke
from artists.access.tokens import digest
from artists.models import Artist, DeadUse, Departure, Limit, RotatedSecret, Token
from artists.models.token import Scope
from artists.programs import services as programs
from generations.erasing.people import erase_person
from generations.leaving.services import leave
from generations.models import Generation
from generations.models.generation import Status
from tests.artists.access.test_bounds import ask, refusal
from tests.artists.terms.texts import publish_text
from tests.generations.pauses.conftest import paused
from tests.second_factor import say_who

DEVICE = reverse("idp:oidc:device_authorization")
DEVICE_CODE = reverse("idp:oidc:device_code")
TOKEN = reverse("idp:oidc:token")
REVOKE = reverse("idp:oidc:revoke")
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
FORM = "application/x-www-form-urlencoded"
WANTED = "videos:create videos:read"


def send(address: str, **fields: str):
    """Send as a program does: no cookie, a form, and the checks of a browser on."""
    program = Client(enforce_csrf_checks=True, headers={"user-agent": "greenroom-cli/1"})
    return program.post(address, urlencode(fields), FORM)


def ask_for_code(scope: str = WANTED) -> dict:
    answer = send(DEVICE_CODE, client_id="greenroom", scope=scope)
    assert answer.status_code == 200, answer.text
    return answer.json()


def poll(given: dict):
    return send(TOKEN, grant_type=GRANT, client_id="greenroom", device_code=given["device_code"])


def answer_code(browser, given: dict, action: str = "confirm"):
    return browser.post(DEVICE, {"code": given["user_code"], "action": action})


def refresh(refresh_token: str, **fields: str):
    fields |= {"client_id": "greenroom", "refresh_token": refresh_token}
    return send(TOKEN, grant_type="refresh_token", **fields)


@pytest.fixture
def browser(client, artist):
    client.force_login(artist)
    say_who(client, artist)
    return client


@pytest.fixture
def signed_in(browser) -> dict:
    """The secrets of a program that Ada has let in."""
    given = ask_for_code()
    answer_code(browser, given)
    return poll(given).json()


def test_a_program_is_let_in_and_is_a_token_of_its_artist(browser, artist):
    given = ask_for_code()
    assert given["verification_uri"] == f"http://localhost:8000{DEVICE}"
    assert given["verification_uri_complete"].endswith(f"?code={given['user_code']}")
    waiting = poll(given)
    assert (waiting.status_code, waiting.json()["error"]) == (400, "authorization_pending")
    given = ask_for_code()

    answer_code(browser, given)
    answer = poll(given)

    secrets = answer.json()
    (program,) = Token.objects.all()
    assert "no-store" in answer["Cache-Control"]
    assert secrets["expires_in"] == 900
    assert (program.artist, program.is_program, program.is_live) == (artist, True, True)
    assert program.scopes == ["videos:create", "videos:read"]
    assert (program.last_used_from, program.last_used_by) == ("127.0.0.1", "greenroom-cli/1")
    assert ask(Client(), secrets["access_token"]).status_code == 200


def test_only_hashes_are_kept(signed_in):
    """I11"""
    rows = f"{list(Token.objects.values())} {list(Issued.objects.values())}"

    assert signed_in["access_token"] not in rows
    assert signed_in["refresh_token"] not in rows
    assert Token.objects.get().sha256 == digest(signed_in["access_token"])
    assert [one.type for one in Issued.objects.all()] == [Issued.Type.REFRESH_TOKEN]


def test_the_page_says_what_would_be_granted_to_whom(browser, artist):
    given = ask_for_code("videos:read webhooks")

    page = browser.get(f"{DEVICE}?code={given['user_code'].lower()}").text

    assert given["user_code"] in page
    assert str(artist) in page
    assert Scope.VIDEOS_READ.label in page
    assert Scope.WEBHOOKS.label in page
    assert Scope.VIDEOS_CREATE.label not in page
    assert not Token.objects.exists()


def test_a_visitor_signs_in_first_and_comes_back_to_the_code(client, db):
    given = ask_for_code()

    answer = client.get(f"{DEVICE}?code={given['user_code']}")

    assert answer["Location"].startswith(reverse("account_login"))
    assert given["user_code"] in answer["Location"]
    assert answer_code(client, given).status_code == 302
    assert poll(given).json()["error"] == "authorization_pending"


def test_a_refusal_is_final(browser):
    given = ask_for_code()

    answer_code(browser, given, "deny")

    assert poll(given).json()["error"] == "access_denied"
    assert not Token.objects.exists()


@pytest.mark.parametrize("action", ["", "yes", "CONFIRM"])
def test_only_the_one_word_lets_in(browser, action):
    given = ask_for_code()

    answer_code(browser, given, action)

    assert poll(given).json()["error"] == "access_denied"


def test_nobody_is_let_in_by_a_form_of_another_site(artist):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(artist)
    given = ask_for_code()

    assert answer_code(browser, given).status_code == 403
    assert poll(given).json()["error"] == "authorization_pending"


@pytest.mark.parametrize("code", ["", "WRONG", "x" * 500, "\x00", "<b>"])
def test_a_wrong_code_opens_nothing(browser, code):
    page = browser.get(DEVICE, {"code": code})

    assert page.status_code == 200
    assert page.templates[0].name == "artists/device_code.html"
    assert "<b>" not in page.text


def test_who_guesses_codes_is_slowed_down(browser):
    given = ask_for_code()
    for _ in range(6):
        browser.get(DEVICE, {"code": "AAAA-AAAA"})

    page = browser.get(DEVICE, {"code": given["user_code"]})

    assert "too many requests" in page.text
    assert Scope.VIDEOS_READ.label not in page.text


def test_a_code_works_once(browser, signed_in):
    given = ask_for_code()
    answer_code(browser, given)
    poll(given)

    assert poll(given).json()["error"] == "invalid_grant"
    assert answer_code(browser, given).templates[0].name == "artists/device_code.html"
    assert Token.objects.count() == 2


def test_who_asks_too_often_is_told_so(browser):
    given = ask_for_code()
    poll(given)

    assert poll(given).json()["error"] == "slow_down"


def test_codes_are_asked_for_within_bounds(db):
    answers = [send(DEVICE_CODE, client_id="greenroom") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_id": "greenroom", "scope": "videos:read everything"}, "invalid_scope"),
        ({"client_id": "greenroom", "scope": "openid"}, "invalid_scope"),
        ({"client_id": "another"}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)
def test_what_no_program_may_ask_for_is_refused(db, fields, error):
    answer = send(DEVICE_CODE, **fields)

    assert answer.status_code in (400, 401)
    assert error in answer.json()["error"] + answer.json().get("error_description", "")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"grant_type": "password", "username": "ada@example.org", "password": "correct horse"},
        {"grant_type": "client_credentials"},
        {"grant_type": "authorization_code", "code": "1"},
        {"grant_type": GRANT, "device_code": "\x00"},
        {"grant_type": "refresh_token"},
        {"grant_type": "refresh_token", "refresh_token": "x" * 5000},
    ],
)
def test_no_other_way_leads_to_a_token(artist, fields):
    answer = send(TOKEN, client_id="greenroom", **fields)

    assert answer.status_code in (400, 401)
    assert not Token.objects.exists()


@pytest.mark.parametrize("address", [DEVICE_CODE, TOKEN, REVOKE])
def test_the_doors_of_programs_read_forms_alone(db, client, address):
    """A form with files would be written to the disk before anybody asks who sends it."""
    assert client.post(address, {"token": "x"}).status_code == 400
    assert client.post(address, {"token": "x"}, "application/json").status_code == 400
    assert client.post(address, "token=" + "x" * 1_100_000, FORM).status_code == 400


def test_an_access_token_lives_for_a_quarter_of_an_hour(signed_in):
    Token.objects.update(access_until=timezone.now())

    assert refusal(ask(Client(), signed_in["access_token"])) == (401, "token_expired")
    assert not DeadUse.objects.exists()  # a program refreshes, and that is no news


def test_a_refresh_gives_new_secrets_to_the_same_program(signed_in):
    before = Token.objects.get()

    renewed = refresh(signed_in["refresh_token"]).json()

    program = Token.objects.get()
    assert program.pk == before.pk
    assert program.scopes == before.scopes
    assert ask(Client(), renewed["access_token"]).status_code == 200
    assert refusal(ask(Client(), signed_in["access_token"])) == (401, "invalid_api_key")
    assert program.expires_at - timezone.now() > timedelta(days=29)
    assert Issued.objects.count() == 1


def test_a_refresh_widens_nothing(signed_in):
    answer = refresh(signed_in["refresh_token"], scope="videos:read webhooks")

    assert answer.json()["error"] == "invalid_scope"
    assert Token.objects.get().scopes == ["videos:create", "videos:read"]


def test_a_refresh_token_that_comes_twice_ends_the_program(signed_in):
    """Of the two who have it one is a thief, and nobody can tell which."""
    renewed = refresh(signed_in["refresh_token"]).json()

    again = refresh(signed_in["refresh_token"])

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert DeadUse.objects.filter(why="rotated").count() == 1
    assert refusal(ask(Client(), renewed["access_token"])) == (401, "token_revoked")
    assert refresh(renewed["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_program_that_its_artist_ends_is_refused_at_once(browser, signed_in):
    """I8"""
    program = Token.objects.get()
    assert "greenroom-cli/1" in browser.get("/tokens/").text

    browser.post(reverse("artists:revoke_token", args=[program.pk]))

    assert refusal(ask(Client(), signed_in["access_token"])) == (401, "token_revoked")
    assert refresh(signed_in["refresh_token"]).json()["error"] == "invalid_grant"
    assert not Issued.objects.exists()


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_program_signs_itself_out(signed_in, kind):
    assert send(REVOKE, client_id="greenroom", token=signed_in[kind]).status_code == 200

    assert refusal(ask(Client(), signed_in["access_token"])) == (401, "token_revoked")
    assert send(REVOKE, client_id="greenroom", token="nothing").status_code == 200


def test_a_closed_account_ends_its_programs(signed_in, artist):
    """I8"""
    Artist.objects.update(is_active=False)

    assert refusal(ask(Client(), signed_in["access_token"])) == (401, "account_inactive")
    assert refresh(signed_in["refresh_token"]).json()["error"] == "invalid_grant"


def test_what_a_program_makes_is_its_own_and_within_its_limits(
    browser, signed_in, video_model, artist
):
    """I3, I8: as for any token."""
    program = Token.objects.get()
    bounds = {"total": 8, "day": "", "month": "", "networks": "", "requests_per_minute": ""}
    browser.post(reverse("artists:token", args=[program.pk]), bounds)
    fields = {"model": "sketch-1", "prompt": "A boat", "seconds": "4", "size": "1280x720"}

    answers = [
        ask(
            Client(),
            signed_in["access_token"],
            "/v1/videos",
            "post",
            data=fields,
            content_type="application/json",
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 429]
    generation = Generation.objects.get()
    assert (generation.token, generation.artist) == (program, artist)
    assert Limit.objects.filter(token=program).exists()
    assert Generation.objects.sendable().filter(pk=generation.pk).exists()
    revoke(program, by=artist)
    assert not Generation.objects.sendable().filter(pk=generation.pk).exists()
    assert generation.status == Status.QUEUED


def test_a_program_may_what_was_granted_alone(signed_in):
    answer = ask(Client(), signed_in["access_token"], "/v1/webhook_endpoints")

    assert refusal(answer) == (403, "missing_scope")


def test_a_program_costs_the_one_query_of_a_token(signed_in, django_assert_num_queries):
    with django_assert_num_queries(1):
        ask(Client(), signed_in["access_token"], "/v1/webhook_event_types")


def test_a_program_has_no_secret_that_one_rotates(browser, signed_in):
    program = Token.objects.get()

    answer = browser.post(
        reverse("artists:rotate_token", args=[program.pk]),
        {"overlap_hours": 1, "expires_in_days": 30},
    )

    assert answer.status_code == 404
    assert "Rotate it" not in browser.get(reverse("artists:token", args=[program.pk])).text


def test_what_is_over_is_forgotten(signed_in):
    refresh(signed_in["refresh_token"])
    Issued.objects.update(expires_at=timezone.now())
    RotatedSecret.objects.update(good_until=timezone.now() - timedelta(days=91))

    programs.tidy()

    assert not Issued.objects.exists()
    assert not RotatedSecret.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_programs_may_sign_in_again_after_a_flush():
    call_command("flush", interactive=False)

    assert OAuthClient.objects.get().scopes.split() == list(Scope)


def test_none_of_allauths_other_doors_is_open(client, db):
    for address in (
        "/.well-known/openid-configuration",
        "/identity/o/authorize",
        "/identity/o/api/userinfo",
        "/oauth/introspect",
        "/oauth/clients",
    ):
        assert client.get(address).status_code == 404


def test_who_has_not_just_said_who_they_are_is_asked_before_a_program_is_let_in(client, artist):
    client.force_login(artist)
    given = ask_for_code()

    asked = answer_code(client, given)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert poll(given).json()["error"] == "authorization_pending"
    given = ask_for_code()
    asked = answer_code(client, given)
    client.post(asked["Location"], {"password": "correct horse"})

    assert poll(given).status_code == 200


def test_who_owes_the_terms_lets_no_program_in(browser):
    publish_text("# One\n")
    given = ask_for_code()

    assert answer_code(browser, given).status_code == 403

    assert poll(given).json()["error"] == "authorization_pending"
    assert not Token.objects.exists()


def test_a_program_of_who_owes_the_terms_makes_nothing(signed_in):
    publish_text("# One\n")
    video = {"model": "sketch-1", "prompt": "A boat"}

    assert ask(Client(), signed_in["access_token"]).status_code == 200
    refused = ask(
        Client(),
        signed_in["access_token"],
        "/v1/videos",
        "post",
        data=video,
        content_type="application/json",
    )
    assert refusal(refused) == (403, "terms_not_accepted")


def test_a_pause_holds_for_a_program(signed_in, artist):
    paused(artist=artist, allows_looking=False)

    assert refusal(ask(Client(), signed_in["access_token"])) == (403, "paused")


def test_who_leaves_leaves_with_their_programs(signed_in, artist):
    """I8"""
    leave(artist, shares=Departure.Shares.WITHDRAWN)

    assert refusal(ask(Client(), signed_in["access_token"])) == (401, "token_revoked")
    assert refresh(signed_in["refresh_token"]).json()["error"] == "invalid_grant"
    assert not Issued.objects.exists()


def test_an_erasure_takes_where_programs_were_and_gathers_no_more(signed_in, artist):
    program = Token.objects.get()
    program.dead_uses.create(hour=timezone.now(), last_at=timezone.now(), why="revoked")

    erase_person(artist)
    ask(Client(), signed_in["access_token"])
    refresh(signed_in["refresh_token"])

    program.refresh_from_db()
    assert (program.last_used_from, program.last_used_by) == (None, "")
    assert not DeadUse.objects.exists()
    assert not Issued.objects.exists()


def test_who_leaves_after_their_yes_lets_no_program_in(browser, artist):
    given = ask_for_code()
    answer_code(browser, given)
    leave(artist, shares=Departure.Shares.WITHDRAWN)

    answer = poll(given)

    assert (answer.status_code, answer.json()["error"]) == (400, "access_denied")
    assert not Token.objects.exists()
    assert not Issued.objects.filter(type=Issued.Type.ACCESS_TOKEN).exists()
