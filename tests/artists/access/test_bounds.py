"""What a token may do, from where, and how often."""

from uuid import UUID

import pytest
from django.urls import URLResolver, get_resolver
from rest_framework.views import APIView

from artists.access.services import create_token
from artists.models import Token
from artists.models.token import ANY_SCOPE, Scope
from portal.api import ApiView

VIDEOS = "/v1/videos"
METHODS = ("get", "post", "put", "patch", "delete")


def ask(client, key: str, address: str = VIDEOS, method: str = "get", **extra):
    return getattr(client, method)(address, headers={"authorization": f"Bearer {key}"}, **extra)


def refusal(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def api_views(patterns=None, prefix=""):
    """Yield each address of the API with the class of its view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from api_views(pattern.url_patterns, path)
        else:
            view = getattr(pattern.callback, "view_class", None)
            if view is not None and issubclass(view, APIView):
                yield path, view


def test_every_endpoint_declares_the_scope_of_each_of_its_methods():
    """A view that somebody adds without one fails here, and lets nobody in besides."""
    found = dict(api_views())
    guarded = {path: view for path, view in found.items() if view.permission_classes}
    undeclared = {
        (path, method)
        for path, view in guarded.items()
        for method in METHODS
        if hasattr(view, method) and view.scopes.get(method) not in {*Scope, ANY_SCOPE}
    }

    assert undeclared == set()
    assert all(issubclass(view, ApiView) for view in found.values())
    assert len(guarded) >= 23
    assert {path for path in found if path not in guarded} == {
        "api/schema/",
        "v1/openapi.json",
        "v1/videos/edits",
        "v1/videos/extensions",
        "v1/videos/characters",
        "v1/videos/characters/<str:character_id>",
        "^(?:v1(?:/.*)?|api/.*)$",
    }


def test_a_view_that_declares_nothing_lets_nobody_in(client, artist, monkeypatch):
    _, key = create_token(artist, "laptop")
    monkeypatch.setattr("generations.prompts.api.VideosView.scopes", {})

    assert refusal(ask(client, key)) == (403, "permission_denied")


SCOPED = [
    ("get", "/v1/videos", Scope.VIDEOS_READ),
    ("get", "/v1/videos/video_1", Scope.VIDEOS_READ),
    ("get", "/v1/videos/video_1/content", Scope.VIDEOS_READ),
    ("head", "/v1/videos", Scope.VIDEOS_READ),
    ("post", "/v1/videos", Scope.VIDEOS_CREATE),
    ("post", "/v1/videos/video_1/remix", Scope.VIDEOS_CREATE),
    ("delete", "/v1/videos/video_1", Scope.VIDEOS_DELETE),
    ("get", "/v1/webhook_endpoints", Scope.WEBHOOKS),
    ("post", "/v1/webhook_endpoints", Scope.WEBHOOKS),
    ("get", "/v1/webhook_endpoints/we_1", Scope.WEBHOOKS),
    ("post", "/v1/webhook_endpoints/we_1", Scope.WEBHOOKS),
    ("delete", "/v1/webhook_endpoints/we_1", Scope.WEBHOOKS),
    ("post", "/v1/webhook_endpoints/we_1/rotate_secret", Scope.WEBHOOKS),
    ("post", "/v1/webhook_endpoints/we_1/test", Scope.WEBHOOKS),
    ("get", "/api/me", Scope.ACCOUNT_READ),
    ("get", "/api/tokens", Scope.ACCOUNT_READ),
    ("get", "/api/tokens/1", Scope.ACCOUNT_READ),
    ("delete", "/api/tokens/0", Scope.TOKENS_REVOKE),
    ("get", "/api/terms", Scope.ACCOUNT_READ),
    ("get", "/api/terms/privacy/1", Scope.ACCOUNT_READ),
    ("get", "/api/exports", Scope.EXPORTS),
    ("post", "/api/exports", Scope.EXPORTS),
    ("get", f"/api/exports/{UUID(int=1)}", Scope.EXPORTS),
    ("get", f"/api/exports/{UUID(int=1)}/content", Scope.EXPORTS),
    ("get", "/api/submissions", Scope.SUBMISSIONS),
    ("post", "/api/submissions", Scope.SUBMISSIONS),
    ("get", f"/api/submissions/{UUID(int=1)}", Scope.SUBMISSIONS),
    ("delete", f"/api/submissions/{UUID(int=1)}", Scope.SUBMISSIONS),
]


@pytest.mark.parametrize(("method", "address", "scope"), SCOPED)
def test_an_endpoint_takes_a_token_of_its_scope_alone(client, artist, method, address, scope):
    _, fitting = create_token(artist, "fitting", scopes=[scope])
    _, other = create_token(artist, "other", scopes=[one for one in Scope if one != scope])

    refused = ask(client, other, address, method)

    assert refused.status_code == 403
    if method != "head":
        error = refused.json()["error"]
        assert error["code"] == "missing_scope"
        assert scope in error["message"]
    assert ask(client, fitting, address, method).status_code != 403


@pytest.mark.parametrize(
    "address", ["/v1/models", "/v1/quota", "/api/quota", "/v1/webhook_event_types"]
)
def test_what_every_program_needs_takes_any_live_token(client, artist, address):
    _, key = create_token(artist, "narrow", scopes=[Scope.WEBHOOKS])

    assert ask(client, key, address).status_code == 200


def test_a_method_that_is_not_there_is_no_matter_of_scopes(client, artist):
    _, key = create_token(artist, "narrow", scopes=[Scope.WEBHOOKS])

    assert ask(client, key, "/v1/quota", "post").status_code == 405


FORGED = [
    {"x-forwarded-for": "203.0.113.5"},
    {"x-forwarded-for": "203.0.113.5, 203.0.113.6"},
    {"x-real-ip": "203.0.113.5"},
    {"forwarded": "for=203.0.113.5"},
]


@pytest.mark.parametrize("forged", FORGED)
def test_no_header_moves_a_program_into_a_network(client, artist, forged):
    _, key = create_token(artist, "at home", networks=["203.0.113.0/24"])
    headers = forged | {"authorization": f"Bearer {key}"}

    answer = client.get(VIDEOS, headers=headers, REMOTE_ADDR="198.51.100.1")

    assert refusal(answer) == (403, "wrong_network")


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [("203.0.113.5, 198.51.100.1", 403), ("198.51.100.1, 203.0.113.5", 200), ("", 403)],
)
def test_of_a_proxy_the_last_word_alone_counts(client, artist, settings, forwarded, status):
    """What stands before it, the client wrote."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    _, key = create_token(artist, "at home", networks=["203.0.113.0/24"])
    headers = {"x-forwarded-for": forwarded, "authorization": f"Bearer {key}"}

    answer = client.get(VIDEOS, headers=headers, REMOTE_ADDR="127.0.0.1")

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [
        (["203.0.113.0/24"], "203.0.113.255", 200),
        (["203.0.113.0/24"], "203.0.114.0", 403),
        (["203.0.113.7/32"], "203.0.113.7", 200),
        (["203.0.113.0/24"], "::ffff:203.0.113.9", 200),
        (["203.0.113.0/24"], "2001:db8::1", 403),
        (["2001:db8::/32"], "2001:db8:ffff::1", 200),
        (["2001:db8::/32"], "2001:db9::1", 403),
        (["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", 200),
        (["0.0.0.0/0"], "2001:db8::1", 403),
        ([], "2001:db8::1", 200),
    ],
)
def test_a_token_is_good_from_its_networks_alone(client, artist, networks, address, status):
    _, key = create_token(artist, "laptop", networks=networks)

    answer = ask(client, key, REMOTE_ADDR=address)

    assert answer.status_code == status
    assert status == 200 or refusal(answer) == (403, "wrong_network")


def test_whom_a_client_claims_to_be_counts_behind_our_proxy_alone(client, artist, settings):
    _, key = create_token(artist, "laptop", networks=["203.0.113.7/32"])
    claim = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}
    assert ask(client, key, **claim).status_code == 403

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # as GREENROOM_BEHIND_PROXY sets it

    assert ask(client, key, **claim).status_code == 200
    claim["HTTP_X_FORWARDED_FOR"] = "203.0.113.7, 198.51.100.1"  # the proxy saw the last one
    assert ask(client, key, **claim).status_code == 403


def test_a_token_has_a_rate_of_its_own_of_reads_too(client, artist, time_machine):
    time_machine.move_to("2026-11-25 12:00:10Z", tick=False)
    _, slow = create_token(artist, "slow", requests_per_minute=3)
    _, free = create_token(artist, "free")

    answers = [ask(client, slow) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["x-ratelimit-remaining-requests"] for answer in answers] == ["2", "1", "0", "0"]
    assert refusal(answers[-1]) == (429, "rate_limit_exceeded")
    assert answers[-1]["Retry-After"] == "50"
    assert ask(client, free).status_code == 200
    time_machine.move_to("2026-11-25 12:01:00Z", tick=False)
    assert ask(client, slow).status_code == 200


def test_of_two_rates_an_answer_says_the_narrower(client, artist, video_model):
    _, key = create_token(artist, "slow", requests_per_minute=3)

    answer = ask(client, key, VIDEOS, "post", data={}, content_type="application/json")

    assert answer["x-ratelimit-limit-requests"] == "3"


def test_last_use_says_when_from_where_and_by_what(client, artist):
    _, key = create_token(artist, "laptop")
    said = "curl/8\x07 " + "é" * 300

    ask(client, key, REMOTE_ADDR="2001:db8::7", HTTP_USER_AGENT=said)
    ask(client, key, REMOTE_ADDR="192.0.2.1", HTTP_USER_AGENT="another, within the minute")

    token = Token.objects.get()
    assert token.last_used_at
    assert token.last_used_from == "2001:db8::7"
    assert token.last_used_by == ("curl/8 " + "é" * 300)[:200]


def test_a_refused_use_is_no_use(client, artist):
    _, key = create_token(artist, "laptop", networks=["10.0.0.0/8"])

    ask(client, key, REMOTE_ADDR="192.0.2.1")

    assert Token.objects.get().last_used_at is None


def test_a_token_is_looked_up_in_one_query(client, artist, django_assert_num_queries):
    """The hottest path: once used, it asks nothing but the token with its artist and cohort."""
    _, key = create_token(
        artist, "laptop", networks=["0.0.0.0/0"], scopes=[Scope.WEBHOOKS], requests_per_minute=60
    )
    ask(client, key, "/v1/webhook_event_types")

    with django_assert_num_queries(1):
        assert ask(client, key, "/v1/webhook_event_types").status_code == 200
