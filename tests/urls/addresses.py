"""The address of each URL of the table, with Ada's things in it: made room by room."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from artists.access.services import create_token
from artists.admissions.services import invite
from artists.letters.facts import APPLICATION
from artists.models import Artist, Cohort, Token
from artists.quotas.ceilings import raise_for_a_time
from generations.appeals.refused import appeal_refused
from generations.appeals.services import appeal as make_appeal
from generations.ids import write_video_id
from generations.models import (
    Attempt,
    Generation,
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
from tests.generations.appeals.fixtures import MakeRefusal
from tests.generations.checks.rows import checked_and_refused
from tests.generations.pauses.conftest import paused
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission
from tests.urls.table import TABLE

Arguments = dict[str, list[object]]


@pytest.fixture
def addresses(
    artist: Artist,
    other_artist: Artist,
    cohort: Cohort,
    make_submission: MakeSubmission,
    make_share: MakeShare,
    make_refusal: MakeRefusal,
) -> dict[str, str]:
    """The address of each URL, by its name."""
    waiting = make_submission()
    token, _ = create_token(artist, "hers")
    arguments: Arguments = {
        **_of_an_account(artist),
        **_of_admissions(cohort),
        **_of_access(artist, token),
        **_of_quotas(artist),
        **_of_terms(),
        **_of_a_work(waiting.generation),
        **_of_a_submission(waiting),
        **_of_appeals(make_refusal(), make_refusal()),
        **_of_a_share(make_share()),
        **_of_checks(artist, cohort),
        **_of_webhooks(artist),
        **_of_what_is_taken(artist),
        **_of_grounds(),
        **all_of("generations", "pause", to=[f"artist-{other_artist.pk}"]),
        **all_of("generations", "lift", to=[paused(token=token).pk]),
    }
    named = {
        name: reverse(name, args=arguments.get(name, [])) for name in TABLE if "no_such" not in name
    }
    named["generations:oembed"] += f"?url={settings.PUBLIC_URL}{named['generations:share']}"
    return named | {"api_no_such_route": "/v1/nothing-here"}


def all_of(app: str, *names: str, to: list[object]) -> Arguments:
    """Several URLs of an app that are made of the same."""
    return {f"{app}:{name}": to for name in names}


def _of_an_account(artist: Artist) -> Arguments:
    session = UserSession.objects.create(user=artist, ip="192.0.2.1", session_key="hers")
    artist.picture = default_storage.save("pictures/hers.webp", ContentFile(b"pixels"))
    artist.save()
    save_portfolio(
        artist, address="ada", is_open=True, shows_links=True, is_findable=True, shares=[]
    )
    return {
        "artists:end_session": [session.pk],
        "mfa_edit_webauthn": [1],
        "mfa_remove_webauthn": [1],
        "account_reset_password_from_key": ["1", "no-such-key"],
        "generations:artist_portfolio": ["ada"],
        **all_of("artists", "roles_of", "reset_factors", "picture", to=[artist.pk]),
        **all_of("generations", "membership", "withdraw_ending", to=[artist.pk]),
    }


def _of_admissions(cohort: Cohort) -> Arguments:
    invitation, secret = invite(email="new@example.org", cohort=cohort, invited_by=None)
    round_ = make_round(cohort)
    application = make_application(round_)
    private = secret_of(application.link_nonce, purpose=APPLICATION)
    return {
        "artists:invitation": [secret],
        "generations:cohort": [cohort.pk],
        **all_of("artists", "resend_invitation", "revoke_invitation", to=[invitation.pk]),
        **all_of("artists", "apply_to", "round", to=[round_.pk]),
        **all_of("artists", "my_application", "withdraw_application", to=[private]),
        **all_of("artists", "application", "score", to=[application.pk]),
        **all_of("artists", "letter", "reset_letter", to=["declined"]),
    }


def _of_access(artist: Artist, token: Token) -> Arguments:
    return {
        "artists:role": ["reviewer"],
        "artists:trail_export": ["csv"],
        "account:token": [token.pk],
        **all_of("artists", "token", "rotate_token", "revoke_token", to=[token.pk]),
    }


def _of_quotas(artist: Artist) -> Arguments:
    limit, now = artist.limits.get(), timezone.now()
    raised = raise_for_a_time(
        limit,
        extra=100,
        starts_at=now,
        ends_at=now + timedelta(days=1),
        by=artist,
        reason="A festival",
    )
    return {
        "artists:end_limit": [limit.pk],
        "artists:end_raise": [raised.pk],
        "artists:undo": [limit.windows.get().entries.latest("pk").pk],
        **all_of("artists", "quotas", "set_ceiling", "raise_limit", to=[f"artist-{artist.pk}"]),
    }


def _of_terms() -> Arguments:
    publish_versions(2)
    of_a_version = ("terms_version", "terms_markdown", "terms_html", "terms_answers")
    return {
        "account:terms_version": ["privacy", 2],
        "artists:terms_changes": ["privacy", 2, 1],
        **all_of("artists", *of_a_version, to=["privacy", 2]),
        **all_of("artists", "draft_terms", "publish_terms", "discard_terms", to=["privacy"]),
    }


def _of_a_work(work: Generation) -> Arguments:
    work.first_image.save("hers.jpg", ContentFile(b"pixels"))
    attempt = Attempt.objects.create(generation=work, provider="sketch", sent_at=timezone.now())
    of_its_page = ("work", "download", "progress", "submit")
    acts = ("cancel", "stop", "remove", "keep", "let_go")
    of_an_attempt = ("outcome", "outcome_ran", "outcome_lost", "outcome_never_ran")
    return {
        "callback": ["sketch", work.pk, "no-such-secret"],
        "api:model": ["sketch-1"],
        "api:video_character": ["char_1"],
        "generations:file": [work.pk, "master"],
        **all_of("api", "video", "video_content", "video_remix", to=[write_video_id(work.pk)]),
        **all_of("generations", *of_its_page, *acts, to=[work.pk]),
        **all_of("generations", *of_an_attempt, to=[attempt.pk]),
    }


def _of_a_submission(waiting: Submission) -> Arguments:
    review, no_note = waiting.review, waiting.generation_id
    of_a_review = ("review", "claim", "release", "decide", "undo", "renew", "review_ahead")
    return {
        "generations:review_file": [review.pk, "master"],
        **all_of("account", "submission", "share", to=[waiting.pk]),
        **all_of("generations", "withdraw_submission", "amend", to=[waiting.pk]),
        **all_of("generations", *of_a_review, "review_first_image", "pin_note", to=[review.pk]),
        **all_of("generations", "change_note", "remove_note", to=[review.pk, no_note]),
        **all_of("generations", "rename_view", "remove_view", to=[1]),
    }


def _of_appeals(refused: Submission, appealed: Submission) -> Arguments:
    appeal = make_appeal(submission=appealed, text="It is mine.")
    return {
        "generations:appeal_submission": [refused.pk],
        "generations:appeal_write_to_artist": [appeal.review.pk],
        **all_of("account", "appeal", "appeal_messages", to=[appealed.pk]),
        **all_of("generations", "appeal", "appeal_write", "appeal_withdraw", to=[appeal.pk]),
    }


def _of_a_share(share: Share) -> Arguments:
    Share.objects.filter(pk=share.pk).update(allows_download=True)
    report = make_report(share, ground=Ground.objects.get(code="rights"), text="A face.")
    of_its_page = ("share", "unlock", "share_embed", "share_download")
    acts = ("how_it_is_shared", "withdraw", "report", "take_down")
    return {
        "generations:share_file": [share.slug, "master"],
        "generations:reported": [report.review_id],
        **all_of("generations", *of_its_page, *acts, to=[share.slug]),
    }


def _of_checks(artist: Artist, cohort: Cohort) -> Arguments:
    rule, refused = checked_and_refused(artist)
    appeal = appeal_refused(refused.pk, artist=artist, text="She lived long ago.")
    of_the_api = ("refused_prompt", "prompt_appeal", "prompt_appeal_messages")
    return {
        "generations:cohort_thresholds": [cohort.pk],
        "generations:refused_prompt": [refused.pk],
        "generations:review_prompt": [appeal.review.pk],
        **all_of("generations", "check_rule", "retire_check_rule", to=[rule.number]),
        **all_of("account", *of_the_api, to=[refused.pk]),
    }


def _of_webhooks(artist: Artist) -> Arguments:
    endpoint = WebhookEndpoint.objects.create(
        artist=artist, name="hers", url="https://hooks.example/", event_types=list(EVENT_TYPES)
    )
    delivery = endpoint.deliveries.create(event_type=EVENT_TYPES[0])
    of_its_page = ("webhook", "webhook_deliveries")
    acts = (
        "webhook_rotate",
        "webhook_test",
        "webhook_switch_on",
        "webhook_keep",
        "webhook_remove",
    )
    of_the_api = ("webhook_endpoint", "webhook_rotate_secret", "webhook_test")
    return {
        "generations:webhook_send_again": [delivery.pk],
        **all_of("generations", *of_its_page, *acts, to=[endpoint.pk]),
        **all_of("api", *of_the_api, to=[f"we_{endpoint.pk.hex}"]),
    }


def _of_what_is_taken(artist: Artist) -> Arguments:
    archive = ask(artist)
    making.make(archive.pk)
    return {
        "generations:take_download": [archive.pk],
        **all_of("account", "export", "export_content", to=[archive.pk]),
    }


def _of_grounds() -> Arguments:
    ground, reply = Ground.objects.get(code="rights"), ReplyTemplate.objects.create(name="Whose?")
    return {
        "generations:ground": ["rights", 1],
        **all_of("generations", "edit_ground", "retire_ground", "move_ground", to=[ground.pk]),
        **all_of("generations", "edit_reply", "remove_reply", to=[reply.pk]),
    }
