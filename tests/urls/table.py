"""Every URL × role, in one table: who gets what answer to a GET (I7).

The works, submissions and tokens in the addresses are Ada's. A URL that is missing here fails the
suite. The answers: 200 the page, 302 to sign in, 404 not there for you, 405 a POST alone, 410 gone.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import NamedTuple

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from artists.access.services import create_token
from artists.admissions.services import invite
from artists.letters.facts import APPLICATION
from artists.models import Artist, Cohort
from artists.quotas.ceilings import raise_for_a_time
from artists.roles.services import MANAGER, set_roles
from generations.appeals.refused import appeal_refused
from generations.appeals.services import appeal as make_appeal
from generations.ids import write_video_id
from generations.models import (
    Attempt,
    Ground,
    ReplyTemplate,
    Share,
    Submission,
    WebhookEndpoint,
)
from generations.models.webhook import EVENT_TYPES
from generations.portfolios.services import save_portfolio
from generations.reports.services import make_report
from generations.taking import making
from generations.taking.services import ask
from portal.secret_links import secret_of
from tests.artists.applications.rows import make_application, make_round
from tests.artists.terms.texts import publish_versions
from tests.generations.appeals.fixtures import make_refusal
from tests.generations.checks.rows import checked_and_refused
from tests.generations.pauses.conftest import paused
from tests.generations.sharing.fixtures import ground, make_share, make_submission, make_work
from tests.second_factor import say_who

__all__ = ["ground", "make_refusal", "make_share", "make_submission", "make_work"]

ROLES = ("visitor", "stranger", "owner", "reviewer", "manager")


class Answers(NamedTuple):
    visitor: int
    stranger: int
    owner: int
    reviewer: int
    manager: int


def all_get(status: int) -> Answers:
    return Answers(*[status] * 5)


PUBLIC = all_get(200)
SIGNED_IN = Answers(302, 200, 200, 200, 200)
MINE = Answers(404, 404, 200, 404, 404)  # a visitor's 404 offers to sign in
REVIEWERS = Answers(302, 404, 404, 200, 200)
MANAGERS = Answers(302, 404, 404, 404, 200)
VISITORS = Answers(200, 302, 302, 302, 302)  # who is signed in is led home
POST_ALONE = all_get(405)
TOKEN_NEEDED = all_get(401)  # a session opens nothing in the API

WITH_A_FACTOR = Answers(302, 302, 302, 200, 200)  # others by their password
FACTOR_LESS = Answers(302, 404, 404, 404, 404)

TABLE: dict[str, Answers] = {
    "front": PUBLIC,
    "favicon": all_get(302),
    "healthz": PUBLIC,
    "readyz": all_get(503),  # no worker runs beside these tests
    "home": SIGNED_IN,
    "status": PUBLIC,
    "api_reference": PUBLIC,
    "sitemap": PUBLIC,
    "robots": PUBLIC,
    "api_schema": PUBLIC,
    "api_schema_of_v1": PUBLIC,
    "api_no_such_route": all_get(404),
    "api:videos": TOKEN_NEEDED,
    "api:video": TOKEN_NEEDED,
    "api:video_content": TOKEN_NEEDED,
    "api:video_remix": TOKEN_NEEDED,
    "api:video_edits": all_get(404),
    "api:video_extensions": all_get(404),
    "api:video_characters": all_get(404),
    "api:video_character": all_get(404),
    "api:models": TOKEN_NEEDED,
    "api:model": TOKEN_NEEDED,
    "api:quota": TOKEN_NEEDED,
    "api:webhook_endpoints": TOKEN_NEEDED,
    "api:webhook_endpoint": TOKEN_NEEDED,
    "api:webhook_rotate_secret": TOKEN_NEEDED,
    "api:webhook_test": TOKEN_NEEDED,
    "api:webhook_event_types": TOKEN_NEEDED,
    "account:me": TOKEN_NEEDED,
    "account:quota": TOKEN_NEEDED,
    "account:tokens": TOKEN_NEEDED,
    "account:token": TOKEN_NEEDED,
    "account:terms": TOKEN_NEEDED,
    "account:terms_version": TOKEN_NEEDED,
    "account:exports": TOKEN_NEEDED,
    "account:export": TOKEN_NEEDED,
    "account:export_content": TOKEN_NEEDED,
    "account:submissions": TOKEN_NEEDED,
    "account:submission": TOKEN_NEEDED,
    "account:share": TOKEN_NEEDED,
    "account:appeal": TOKEN_NEEDED,
    "account:appeal_messages": TOKEN_NEEDED,
    "account:refused_prompts": TOKEN_NEEDED,
    "account:refused_prompt": TOKEN_NEEDED,
    "account:prompt_appeal": TOKEN_NEEDED,
    "account:prompt_appeal_messages": TOKEN_NEEDED,
    "artists:invitation": PUBLIC,
    "artists:apply": all_get(302),  # one round is open: to its form
    "artists:apply_to": PUBLIC,
    "artists:my_application": PUBLIC,
    "artists:withdraw_application": POST_ALONE,
    "artists:applications": REVIEWERS,
    "artists:application": REVIEWERS,
    "artists:score": POST_ALONE,
    "artists:decide": POST_ALONE,
    "artists:export_applications": MANAGERS,
    "artists:rounds": MANAGERS,
    "artists:new_round": MANAGERS,
    "artists:round": MANAGERS,
    "artists:invitations": MANAGERS,
    "artists:invite_many": POST_ALONE,
    "artists:export_invitations": MANAGERS,
    "artists:resend_invitation": POST_ALONE,
    "artists:revoke_invitation": POST_ALONE,
    "artists:letters": MANAGERS,
    "artists:letter": MANAGERS,
    "artists:reset_letter": POST_ALONE,
    "artists:tokens": SIGNED_IN,
    "artists:revoke_token": POST_ALONE,
    "idp:oidc:device_authorization": SIGNED_IN,
    "idp:oidc:device_code": POST_ALONE,
    "idp:oidc:token": POST_ALONE,
    "idp:oidc:revoke": POST_ALONE,
    "callback": POST_ALONE,
    "artists:trail": MANAGERS,
    "artists:trail_export": MANAGERS,
    "artists:roles": MANAGERS,
    "artists:roles_of": MANAGERS,
    "artists:reset_factors": MANAGERS,
    "artists:role": MANAGERS,
    "artists:token": MINE,
    "artists:refused_uses": MANAGERS,
    "artists:rotate_token": POST_ALONE,
    "artists:quotas": MANAGERS,
    "artists:set_ceiling": POST_ALONE,
    "artists:raise_limit": POST_ALONE,
    "artists:end_limit": POST_ALONE,
    "artists:end_raise": POST_ALONE,
    "artists:undo": POST_ALONE,
    "artists:terms": PUBLIC,
    "artists:terms_version": PUBLIC,
    "artists:terms_changes": PUBLIC,
    "artists:terms_markdown": PUBLIC,
    "artists:terms_html": PUBLIC,
    "artists:accept_terms": SIGNED_IN,
    "artists:decline_terms": POST_ALONE,
    "artists:manage_terms": MANAGERS,
    "artists:draft_terms": MANAGERS,
    "artists:publish_terms": POST_ALONE,
    "artists:discard_terms": POST_ALONE,
    "artists:terms_answers": MANAGERS,
    "generations:active": SIGNED_IN,
    "generations:create": SIGNED_IN,
    "generations:quote": SIGNED_IN,
    "generations:model_options": SIGNED_IN,
    "generations:library": SIGNED_IN,
    "generations:work": MINE,
    "generations:file": MINE,
    "generations:download": MINE,
    "generations:progress": MINE,
    "generations:cancel": POST_ALONE,
    "generations:stop": POST_ALONE,
    "generations:remove": POST_ALONE,
    "generations:submit": POST_ALONE,
    "generations:webhooks": SIGNED_IN,
    "generations:webhook": MINE,
    "generations:webhook_deliveries": MINE,
    "generations:webhook_rotate": POST_ALONE,
    "generations:webhook_test": POST_ALONE,
    "generations:webhook_switch_on": POST_ALONE,
    "generations:webhook_keep": POST_ALONE,
    "generations:webhook_remove": POST_ALONE,
    "generations:webhook_send_again": POST_ALONE,
    "generations:withdraw_submission": POST_ALONE,
    "generations:appeal_submission": MINE,
    "generations:appeal": MINE,
    "generations:appeal_write": POST_ALONE,
    "generations:appeal_withdraw": POST_ALONE,
    "generations:appeal_write_to_artist": POST_ALONE,
    "generations:overturned": REVIEWERS,
    "generations:share": PUBLIC,
    "generations:share_file": PUBLIC,
    "generations:report": PUBLIC,
    "generations:reported": REVIEWERS,
    "generations:review_prompt": REVIEWERS,
    "generations:unlock": POST_ALONE,
    "generations:share_embed": PUBLIC,
    "generations:share_download": PUBLIC,
    "generations:how_it_is_shared": MINE,
    "generations:oembed": PUBLIC,
    "generations:gallery": PUBLIC,
    "generations:my_portfolio": SIGNED_IN,
    "generations:artist_portfolio": PUBLIC,
    "generations:withdraw": POST_ALONE,
    "generations:take_down": MANAGERS,
    "generations:verify": PUBLIC,
    "generations:root_certificate": PUBLIC,
    "generations:take": SIGNED_IN,
    "generations:take_progress": SIGNED_IN,
    "generations:take_download": MINE,
    "generations:leave": SIGNED_IN,
    "generations:come_back": POST_ALONE,
    "generations:left": PUBLIC,
    "generations:membership": MANAGERS,
    "generations:withdraw_ending": POST_ALONE,
    "generations:keep": POST_ALONE,
    "generations:let_go": POST_ALONE,
    "generations:outcomes": MANAGERS,
    "generations:files": MANAGERS,
    "generations:outcome": MANAGERS,
    "generations:outcome_ran": POST_ALONE,
    "generations:outcome_lost": POST_ALONE,
    "generations:outcome_never_ran": POST_ALONE,
    "generations:pauses": MANAGERS,
    "generations:dashboard": MANAGERS,
    "generations:dashboard_generations": MANAGERS,
    "generations:dashboard_submissions": MANAGERS,
    "generations:dashboard_artists": MANAGERS,
    "generations:dashboard_tokens": MANAGERS,
    "generations:dashboard_reviews": MANAGERS,
    "generations:dashboard_stuck": MANAGERS,
    "generations:dashboard_reviews_csv": MANAGERS,
    "generations:pause": MANAGERS,
    "generations:lift": POST_ALONE,
    "generations:cohorts": MANAGERS,
    "generations:new_cohort": MANAGERS,
    "generations:cohort": MANAGERS,
    "generations:checks": MANAGERS,
    "generations:new_check_rule": MANAGERS,
    "generations:check_rule": MANAGERS,
    "generations:retire_check_rule": POST_ALONE,
    "generations:thresholds": MANAGERS,
    "generations:cohort_thresholds": MANAGERS,
    "generations:refused_prompts": SIGNED_IN,
    "generations:refused_prompt": MINE,
    "generations:grounds": PUBLIC,
    "generations:ground": PUBLIC,
    "generations:manage_grounds": MANAGERS,
    "generations:new_ground": MANAGERS,
    "generations:edit_ground": MANAGERS,
    "generations:retire_ground": POST_ALONE,
    "generations:move_ground": POST_ALONE,
    "generations:new_reply": MANAGERS,
    "generations:edit_reply": MANAGERS,
    "generations:remove_reply": POST_ALONE,
    "generations:amend": Answers(302, 404, 200, 404, 404),
    "generations:submit_set": SIGNED_IN,
    "generations:promise": PUBLIC,
    "generations:set_promise": MANAGERS,
    "generations:queue": REVIEWERS,
    "generations:review": REVIEWERS,
    "generations:review_file": REVIEWERS,
    "generations:review_first_image": REVIEWERS,
    "generations:how_i_review": REVIEWERS,
    "generations:pin_note": POST_ALONE,
    "generations:change_note": POST_ALONE,
    "generations:remove_note": POST_ALONE,
    "generations:claim": POST_ALONE,
    "generations:release": POST_ALONE,
    "generations:decide": POST_ALONE,
    "generations:undo": POST_ALONE,
    "generations:next_review": POST_ALONE,
    "generations:renew": POST_ALONE,
    "generations:review_ahead": REVIEWERS,
    "generations:save_view": POST_ALONE,
    "generations:rename_view": POST_ALONE,
    "generations:remove_view": POST_ALONE,
    "account_login": VISITORS,
    "account_signup": Answers(200, 302, 302, 302, 302),
    "account_logout": Answers(302, 200, 200, 200, 200),
    "account_inactive": PUBLIC,
    "account_reauthenticate": Answers(302, 200, 200, 302, 302),  # staff: by second factor
    "account_email": SIGNED_IN,
    "account_email_verification_sent": all_get(302),
    "account_change_password": SIGNED_IN,
    "account_set_password": all_get(302),
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_request_login_code": VISITORS,
    "account_confirm_login_code": all_get(302),
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": all_get(302),  # within a sign-in alone
    "mfa_reauthenticate": WITH_A_FACTOR,
    "mfa_activate_totp": all_get(302),  # whoever changes a factor says first who they are
    "mfa_deactivate_totp": Answers(302, 404, 404, 302, 302),
    "mfa_view_recovery_codes": FACTOR_LESS,
    "mfa_download_recovery_codes": FACTOR_LESS,
    "mfa_generate_recovery_codes": all_get(302),
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": all_get(302),
    "mfa_edit_webauthn": all_get(302),
    "mfa_remove_webauthn": all_get(302),
    "mfa_reauthenticate_webauthn": all_get(302),
    "mfa_login_webauthn": all_get(302),
    "artists:profile": SIGNED_IN,
    "artists:picture": Answers(404, 404, 200, 200, 200),
    "artists:sessions": SIGNED_IN,
    "artists:end_session": POST_ALONE,
    "artists:end_other_sessions": POST_ALONE,
}


def routes(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    """Yield the name of every URL."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, namespace + inner)
        else:
            yield f"{namespace}{pattern.name}"


ROUTES = frozenset(routes(get_resolver().url_patterns))
ADMINISTRATION = sorted(name for name in ROUTES if name.startswith("admin:"))
UNNAMED = "admin:None"  # whatever else is asked for below /admin/


def administration_address(name: str) -> str:
    """The address of a page of the administration, of Ada's or the first row where it needs one."""
    if name == UNNAMED:
        return "/admin/nothing-here/"
    if name == "admin:app_list":
        return reverse(name, args=["artists"])
    if name == "admin:view_on_site":
        return reverse(name, args=[1, 1])
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, args=["1"])


@pytest.fixture
def addresses(
    artist: Artist,
    other_artist: Artist,
    cohort: Cohort,
    make_submission: Callable[..., Submission],
    make_share: Callable[..., object],
    make_refusal: Callable[..., Submission],
) -> dict[str, str]:
    """The address of each URL, with Ada's things in it."""
    waiting = make_submission()
    refused, appealed = make_refusal(), make_refusal()
    appeal = make_appeal(submission=appealed, text="It is mine.")
    work = waiting.generation
    work.first_image.save("hers.jpg", ContentFile(b"pixels"))
    share = make_share()
    Share.objects.filter(pk=share.pk).update(allows_download=True)  # type: ignore[attr-defined]
    save_portfolio(
        artist, address="ada", is_open=True, shows_links=True, is_findable=True, shares=[]
    )
    token, _ = create_token(artist, "hers")
    limit = artist.limits.get()
    raised = raise_for_a_time(
        limit,
        extra=100,
        starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(days=1),
        by=artist,
        reason="A festival",
    )
    invitation, secret = invite(email="new@example.org", cohort=cohort, invited_by=None)
    round_ = make_round(cohort)
    application = make_application(round_)
    private = secret_of(application.link_nonce, purpose=APPLICATION)
    endpoint = WebhookEndpoint.objects.create(
        artist=artist, name="hers", url="https://hooks.example/", event_types=list(EVENT_TYPES)
    )
    delivery = endpoint.deliveries.create(event_type=EVENT_TYPES[0])
    artist.picture = default_storage.save("pictures/hers.webp", ContentFile(b"pixels"))
    artist.save()
    session = UserSession.objects.create(user=artist, ip="192.0.2.1", session_key="hers")
    rule, refused_prompt = checked_and_refused(artist)
    archive = ask(artist)
    making.make(archive.pk)
    arguments: dict[str, list[object]] = {
        "artists:end_session": [session.pk],
        "artists:roles_of": [artist.pk],
        "artists:reset_factors": [artist.pk],
        "artists:role": ["reviewer"],
        "artists:picture": [artist.pk],
        "mfa_edit_webauthn": [1],
        "mfa_remove_webauthn": [1],
        "artists:invitation": [secret],
        "artists:apply_to": [round_.pk],
        "artists:my_application": [private],
        "artists:withdraw_application": [private],
        "artists:application": [application.pk],
        "artists:score": [application.pk],
        "artists:round": [round_.pk],
        "artists:resend_invitation": [invitation.pk],
        "artists:revoke_invitation": [invitation.pk],
        "artists:letter": ["declined"],
        "artists:reset_letter": ["declined"],
        "generations:cohort": [cohort.pk],
        "generations:check_rule": [rule.number],
        "generations:retire_check_rule": [rule.number],
        "generations:cohort_thresholds": [cohort.pk],
        "generations:refused_prompt": [refused_prompt.pk],
        "artists:revoke_token": [token.pk],
        "artists:trail_export": ["csv"],
        "artists:token": [token.pk],
        "artists:rotate_token": [token.pk],
        "artists:quotas": [f"artist-{artist.pk}"],
        "artists:set_ceiling": [f"artist-{artist.pk}"],
        "artists:raise_limit": [f"artist-{artist.pk}"],
        "artists:end_limit": [limit.pk],
        "artists:end_raise": [raised.pk],
        "artists:undo": [limit.windows.get().entries.latest("pk").pk],
        "api:video": [write_video_id(work.pk)],
        "api:video_content": [write_video_id(work.pk)],
        "api:video_remix": [write_video_id(work.pk)],
        "api:video_character": ["char_1"],
        "api:model": ["sketch-1"],
        "account:token": [token.pk],
        "account:terms_version": ["privacy", 2],
        "account:export": [archive.pk],
        "account:export_content": [archive.pk],
        "account:submission": [waiting.pk],
        "account:share": [waiting.pk],
        "account:refused_prompt": [refused_prompt.pk],
        "account:prompt_appeal": [refused_prompt.pk],
        "account:prompt_appeal_messages": [refused_prompt.pk],
        "account:appeal": [appealed.pk],
        "account:appeal_messages": [appealed.pk],
        "generations:take_download": [archive.pk],
        "generations:membership": [artist.pk],
        "generations:withdraw_ending": [artist.pk],
        "generations:webhook_send_again": [delivery.pk],
        "callback": ["sketch", work.pk, "no-such-secret"],
        "generations:share": [share.slug],  # type: ignore[attr-defined]
        "generations:withdraw": [share.slug],  # type: ignore[attr-defined]
        "generations:artist_portfolio": ["ada"],
        "generations:take_down": [share.slug],  # type: ignore[attr-defined]
        "generations:share_file": [share.slug, "master"],  # type: ignore[attr-defined]
        "generations:withdraw_submission": [waiting.pk],
        "generations:appeal_submission": [refused.pk],
        "generations:appeal": [appeal.pk],
        "generations:appeal_write": [appeal.pk],
        "generations:appeal_withdraw": [appeal.pk],
        "generations:appeal_write_to_artist": [appeal.review.pk],
        "generations:pause": [f"artist-{other_artist.pk}"],
        "generations:lift": [paused(token=token).pk],
        "generations:review": [waiting.review.pk],
        "generations:claim": [waiting.review.pk],
        "generations:release": [waiting.review.pk],
        "generations:decide": [waiting.review.pk],
        "generations:undo": [waiting.review.pk],
        "generations:amend": [waiting.pk],
        "generations:ground": ["rights", 1],
        "generations:renew": [waiting.review.pk],
        "generations:review_ahead": [waiting.review.pk],
        "generations:rename_view": [1],
        "generations:remove_view": [1],
        "generations:review_file": [waiting.review.pk, "master"],
        "generations:review_first_image": [waiting.review.pk],
        "generations:pin_note": [waiting.review.pk],
        "generations:change_note": [waiting.review.pk, work.pk],
        "generations:remove_note": [waiting.review.pk, work.pk],
        "generations:file": [work.pk, "master"],
        "account_reset_password_from_key": ["1", "no-such-key"],
    }
    reported = make_report(share, ground=Ground.objects.get(code="rights"), text="A face.")  # type: ignore[arg-type]
    arguments["generations:reported"] = [reported.review_id]
    about_a_prompt = appeal_refused(refused_prompt.pk, artist=artist, text="She lived long ago.")
    arguments["generations:review_prompt"] = [about_a_prompt.review.pk]
    of_a_share = ("unlock", "report", "share_embed", "share_download", "how_it_is_shared")
    arguments |= {f"generations:{name}": [share.slug] for name in of_a_share}  # type: ignore[attr-defined]
    publish_versions(2)
    of_terms = ("version", "markdown", "html", "answers")
    arguments |= {f"artists:terms_{name}": ["privacy", 2] for name in of_terms}
    arguments |= {f"artists:{name}_terms": ["privacy"] for name in ("draft", "publish", "discard")}
    arguments["artists:terms_changes"] = ["privacy", 2, 1]
    of_the_api = ("webhook_endpoint", "webhook_rotate_secret", "webhook_test")
    arguments |= {f"api:{name}": [f"we_{endpoint.pk.hex}"] for name in of_the_api}
    of_an_endpoint = ("", "_deliveries", "_rotate", "_test", "_switch_on", "_keep", "_remove")
    arguments |= {f"generations:webhook{name}": [endpoint.pk] for name in of_an_endpoint}
    ground, reply = Ground.objects.get(code="rights"), ReplyTemplate.objects.create(name="Whose?")
    arguments |= {f"generations:{name}_ground": [ground.pk] for name in ("edit", "retire", "move")}
    arguments |= {f"generations:{name}_reply": [reply.pk] for name in ("edit", "remove")}
    attempt = Attempt.objects.create(generation=work, provider="sketch", sent_at=timezone.now())
    of_an_attempt = ("outcome", "outcome_ran", "outcome_lost", "outcome_never_ran")
    arguments |= {f"generations:{name}": [attempt.pk] for name in of_an_attempt}
    of_a_work = (
        "work",
        "download",
        "progress",
        "cancel",
        "stop",
        "remove",
        "submit",
        "keep",
        "let_go",
    )
    arguments |= {f"generations:{name}": [work.pk] for name in of_a_work}
    named = {
        name: reverse(name, args=arguments.get(name, [])) for name in TABLE if "no_such" not in name
    }
    named["generations:oembed"] += f"?url={settings.PUBLIC_URL}{named['generations:share']}"
    return named | {"api_no_such_route": "/v1/nothing-here"}


def test_every_url_stands_in_the_table() -> None:
    """I7"""
    assert ROUTES - set(ADMINISTRATION) == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(
    client: Client,
    role: str,
    addresses: dict[str, str],
    artist: Artist,
    other_artist: Artist,
    make_artist: Callable[..., Artist],
) -> None:
    """I1, I7"""
    people = {"stranger": other_artist, "owner": artist}
    if role in ("reviewer", "manager"):
        people[role] = make_artist("Sam", role=role)
    answers = {}
    for name, address in addresses.items():
        if role in people:
            client.force_login(people[role])
        answers[name] = client.get(address).status_code

    assert answers == {name: getattr(row, role) for name, row in TABLE.items()}


def test_who_asks_for_the_head_of_a_public_page_gets_it(
    client: Client, addresses: dict[str, str]
) -> None:
    """Monitors and checkers of links ask so."""
    public = {name: address for name, address in addresses.items() if TABLE[name].visitor == 200}

    answers = {name: client.head(address).status_code for name, address in public.items()}

    assert answers == dict.fromkeys(public, 200)


@pytest.mark.parametrize("role", ["visitor", "stranger", "reviewer"])
def test_the_administration_shows_nothing_to_those_who_do_not_manage(
    client: Client, role: str, make_artist: Callable[..., Artist]
) -> None:
    """I7: of all its pages none answers 200, by one rule for those that are yet to come."""
    if role != "visitor":
        client.force_login(make_artist("Sam", role=role.replace("stranger", "")))

    answers = {
        name: client.get(administration_address(name)).status_code for name in ADMINISTRATION
    }

    shut = {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
    assert answers
    assert {name: status for name, status in answers.items() if status not in shut} == {}


def test_the_administration_opens_for_managers(client: Client, manager: Artist) -> None:
    set_roles(manager, [MANAGER], by=None)
    client.force_login(manager)
    models = [model._meta for model in admin.site._registry]
    may_be_seen = {
        model: manager.has_perm(f"{model.app_label}.view_{model.model_name}") for model in models
    }

    answers = {
        model: client.get(reverse(f"admin:{model.app_label}_{model.model_name}_changelist"))
        for model in models
    }

    assert client.get(reverse("admin:index")).status_code == HTTPStatus.OK
    assert sum(may_be_seen.values()) >= 5
    assert {model: answer.status_code for model, answer in answers.items()} == {
        model: HTTPStatus.OK if seen else HTTPStatus.FORBIDDEN
        for model, seen in may_be_seen.items()
    }


def test_a_visitor_at_a_work_may_sign_in_and_come_back(
    client: Client, addresses: dict[str, str]
) -> None:
    address = addresses["generations:work"]

    page = client.get(address).content.decode()

    assert f"/accounts/login/?next={address}" in page


OF_NOBODY = (
    "callback",  # a secret in the address stands for a session
    "artists:withdraw_application",  # as it does here
    "generations:unlock",  # a password of one page, no person's
    "idp:oidc:device_code",  # and these answer to a secret in the form
    "idp:oidc:token",
    "idp:oidc:revoke",
    "artists:decline_terms",  # and these are one's own, whoever one is
    "artists:end_other_sessions",
)
POSTS = [name for name, row in TABLE.items() if row == POST_ALONE and name not in OF_NOBODY]


@pytest.mark.parametrize("name", POSTS)
def test_nobody_acts_on_what_is_anothers(
    client: Client, name: str, addresses: dict[str, str], other_artist: Artist
) -> None:
    """I7: another artist's POST answers 404, a visitor's leads to sign in."""
    assert client.post(addresses[name]).status_code == 302

    client.force_login(other_artist)
    say_who(client, other_artist)

    assert client.post(addresses[name]).status_code == 404
