"""What an artist has here, table by table. Whatever else is kept of people gets its table here.

Never a secret: no hash of a token or a password, no secret of a webhook; and nothing of another.
"""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from artists.models import (
    Acceptance,
    Application,
    Artist,
    DeadUse,
    Decline,
    Departure,
    LedgerEntry,
    Letter,
    Limit,
    Token,
)
from generations.models import (
    Apology,
    Appeal,
    AppealMessage,
    Check,
    Generation,
    Note,
    Opinion,
    Portfolio,
    RefusedPrompt,
    RemovalNotice,
    ReviewerPreferences,
    SavedView,
    Share,
    Submission,
    ViewCount,
    WebhookDelivery,
    WebhookEndpoint,
)
from generations.models.generation import Move
from generations.taking.tables import Table


def works_of(artist: Artist) -> QuerySet[Generation]:
    """Every prompt, those among it that were removed: its row stays, without files."""
    return Generation.objects.filter(artist=artist)


def ledger_of(artist: Artist) -> QuerySet[LedgerEntry]:
    """What one's generations held and cost, and how one's own limits changed; in credits."""
    own = (
        Q(reservation__artist=artist)
        | Q(window__limit__artist=artist)
        | Q(window__limit__token__artist=artist)
    )
    return LedgerEntry.objects.filter(own, window__limit__unit=Limit.Unit.CREDITS)


def shares_of(artist: Artist) -> QuerySet[Share]:
    begin = Value(f"{settings.PUBLIC_URL}/s/")
    address = Concat(begin, "slug", Value("/"), output_field=CharField())
    return Share.objects.filter(submission__artist=artist).annotate(address=address)


def appeals_of(artist: Artist) -> QuerySet[Appeal]:
    """Appeals, with what whoever decided wrote to the artist."""
    said = Opinion.objects.filter(review__appeal=OuterRef("pk")).exclude(enacted_at=None)
    answer = Subquery(said.order_by("-pk").values("reason")[:1])
    return Appeal.objects.filter(artist=artist).annotate(answered=answer)


WORKS = Table(
    "works",
    "Prompts and parameters",
    works_of,
    {
        "id": "id",
        "created_at": "created_at",
        "prompt": "prompt",
        "video_model": "video_model__name",
        "style": "style",
        "size": "size",
        "duration_seconds": "duration_seconds",
        "seed": "seed",
        "remix_of": "parent_id",
        "token": "token__name",
        "status": "status",
        "failure": "failure_message",
        "price_credits": "price_credits",
        "spent_credits": "reservation__settled_credits",
        "finished_at": "finished_at",
        "removed_at": "removed_at",
        "kept_at": "kept_at",
        "removal_at": "removal_at",
    },
    more_columns=("files",),  # which generations.taking.contents knows
)

TABLES = (
    Table(
        "profile",
        "Profile",
        lambda artist: Artist.objects.filter(pk=artist.pk),
        {
            "email": "email",
            "credit_name": "credit_name",
            "cohort": "cohort__name",
            "joined_at": "date_joined",
            "last_signed_in_at": "last_login",
            "invited_at": "redemption__invitation__created_at",
            "pronouns": "pronouns",
            "links": "links",
            "time_zone": "time_zone",
            "mail_about_decisions": "mail_decisions",
            "mail_about_webhooks": "mail_webhooks",
            "file_has_name": "file_has_name",
            "file_has_prompt": "file_has_prompt",
            "file_allows_training": "file_allows_training",
        },
    ),
    Table(
        "addresses",
        "E-mail addresses",
        lambda artist: EmailAddress.objects.filter(user=artist),
        {"email": "email", "verified": "verified", "primary": "primary"},
    ),
    Table(
        "roles",
        "Roles",
        lambda artist: artist.groups.all(),
        {"role": "name"},
    ),
    Table(
        "applications",
        "Your application",
        lambda artist: Application.objects.filter(invitation__redemptions__artist=artist),
        {
            "round": "round__name",
            "applied_at": "created_at",
            "name": "name",
            "email": "email",
            "country": "country",
            "time_zone": "time_zone",
            "disciplines": "disciplines",
            "statement": "statement",
            "would_make": "would_make",
            "heard_from": "heard_from",
            "state": "state",
            "decided_at": "decided_at",
        },
    ),
    Table(
        "acceptances",
        "Terms you accepted",
        lambda artist: Acceptance.objects.filter(artist=artist),
        {
            "kind": "terms__kind",
            "version": "terms__version",
            "accepted_at": "accepted_at",
            "text_sha256": "sha256",
            "text": "terms__text",
            "ip_address": "ip_address",
            "user_agent": "user_agent",
        },
    ),
    Table(
        "declines",
        "Terms you declined",
        lambda artist: Decline.objects.filter(artist=artist),
        {"kind": "terms__kind", "version": "terms__version", "declined_at": "declined_at"},
    ),
    Table(
        "letters",
        "Letters about new terms and lost second factors",
        lambda artist: Letter.objects.filter(artist=artist),
        {
            "kind": "kind",
            "terms": "terms__kind",
            "version": "terms__version",
            "note": "note",
            "written_at": "written_at",
            "sent_at": "sent_at",
        },
    ),
    Table(
        "steps",
        "How each generation went",
        lambda artist: Move.objects.filter(generation__artist=artist),
        {"work": "generation_id", "to": "to", "at": "at", "note": "note"},
    ),
    Table(
        "checks",
        "What the checks found of your prompts and clips",
        lambda artist: Check.objects.filter(
            Q(generation__artist=artist) | Q(refused__artist=artist)
        ),
        {
            "work": "generation_id",
            "refused_prompt": "refused_id",
            "stage": "stage",
            "source": "source",
            "outcome": "outcome",
            "rule": "rule__title",
            "rule_version": "rule__version",
            "model": "model",
            "scores": "scores",
            "words": "words",
            "at": "at",
        },
    ),
    Table(
        "refused_prompts",
        "Prompts that were refused before they cost anything",
        lambda artist: RefusedPrompt.objects.filter(artist=artist),
        {
            "id": "id",
            "prompt": "prompt",
            "video_model": "video_model__name",
            "token": "token__name",
            "ground": "ground__title",
            "ground_text": "ground__text",
            "ground_version": "ground__version",
            "rule": "rule__title",
            "category": "category",
            "times": "times",
            "created_at": "created_at",
            "last_at": "last_at",
            "allowed_at": "allowed_at",
        },
    ),
    Table(
        "submissions",
        "Submissions and decisions",
        lambda artist: Submission.objects.filter(artist=artist),
        {
            "id": "id",
            "work": "generation_id",
            "submitted_at": "created_at",
            "title": "title",
            "note": "note",
            "credit_name": "credit_name",
            "show_prompt": "show_prompt",
            "destination": "destination",
            "set": "set__title",
            "follows": "previous_id",
            "file_has_name": "file_has_name",
            "file_has_prompt": "file_has_prompt",
            "file_allows_training": "file_allows_training",
            "status": "status",
            "due_at": "due_at",
            "closed_at": "closed_at",
            "decision": "decision__outcome",
            "by_silence": "decision__is_by_silence",
            "decided_at": "decision__created_at",
            "ground": "decision__ground__title",
            "ground_text": "decision__ground__text",
            "ground_version": "decision__ground__version",
            "reason": "decision__reason",
            "approved_sha256": "decision__rendition_sha256",
            "public_sha256": "decision__public_sha256",
            "public_file_says": "public_copy__says",
        },
    ),
    Table(
        "apologies",
        "Dates that passed without an answer",
        lambda artist: Apology.objects.filter(artist=artist),
        {
            "kind": "review__kind",
            "submission": "review__about_id",
            "passed_at": "passed_at",
            "new_date": "due_at",
            "written_at": "created_at",
        },
    ),
    Table(
        "appeals",
        "Your appeals",
        appeals_of,
        {
            "id": "id",
            "submission": "submission_id",
            "share": "share__slug",
            "refused_prompt": "refused_id",
            "against": "against__outcome",
            "ground": "ground__title",
            "first_reason": "against__reason",
            "text": "text",
            "appealed_at": "created_at",
            "due_at": "review__due_at",
            "outcome": "outcome",
            "decided_at": "decided_at",
            "answer": "answered",
        },
    ),
    Table(
        "appeal_messages",
        "What you and whoever decided wrote about your appeals",
        lambda artist: AppealMessage.objects.filter(appeal__artist=artist),
        {
            "appeal": "appeal_id",
            "from_you": "is_from_artist",
            "text": "text",
            "written_at": "created_at",
        },
    ),
    Table(
        "frame_notes",
        "Notes on frames that came with decisions",
        lambda artist: Note.objects.told().filter(submission__artist=artist),
        {
            "submission": "submission_id",
            "first_frame": "first_frame",
            "last_frame": "last_frame",
            "text": "text",
            "drawing": "drawing",
            "created_at": "created_at",
        },
    ),
    Table(
        "how_you_review",
        "How you review",
        lambda artist: ReviewerPreferences.objects.filter(reviewer=artist),
        {"veiled": "veiled", "blurs": "blurs", "greys": "greys", "mutes": "mutes"},
    ),
    Table(
        "shares",
        "Public pages",
        shares_of,
        {
            "address": "address",
            "submission": "submission_id",
            "title": "submission__title",
            "credit_name": "submission__credit_name",
            "status": "status",
            "since": "created_at",
            "ended_at": "ended_at",
            "ground": "ground__title",
            "reason": "reason",
            "in_gallery": "in_gallery",
            "is_findable": "is_findable",
            "allows_embedding": "allows_embedding",
            "allows_download": "allows_download",
            "hides_prompt": "hides_prompt",
            "shown_until": "expires_at",
            "place_in_portfolio": "place",
        },
    ),
    Table(
        "views",
        "How often your public pages were opened",
        lambda artist: ViewCount.objects.filter(share__submission__artist=artist),
        {"share": "share__slug", "day": "day", "views": "views"},
    ),
    Table(
        "portfolio",
        "Portfolio",
        lambda artist: Portfolio.objects.filter(artist=artist),
        {
            "address": "address",
            "is_open": "is_open",
            "shows_links": "shows_links",
            "is_findable": "is_findable",
            "cover": "cover__slug",
            "created_at": "created_at",
        },
    ),
    Table(
        "ledger",
        "Ledger of your credits",
        ledger_of,
        {
            "at": "at",
            "kind": "kind",
            "reservation": "reservation_id",
            "limit": "window__limit_id",
            "period": "window__limit__period",
            "ceiling": "ceiling",
            "held": "held",
            "spent": "spent",
            "reason": "reason",
        },
    ),
    Table(
        "tokens",
        "API tokens, without their secrets",
        lambda artist: Token.objects.filter(artist=artist),
        {
            "name": "name",
            "last_four": "hint",
            "created_at": "created_at",
            "expires_at": "expires_at",
            "last_used_at": "last_used_at",
            "last_used_from": "last_used_from",
            "last_used_by": "last_used_by",
            "revoked_at": "revoked_at",
            "scopes": "scopes",
            "networks": "networks",
            "requests_per_minute": "requests_per_minute",
        },
    ),
    Table(
        "refused_uses",
        "Refused uses of your tokens",
        DeadUse.objects.of,
        {
            "token": "token__name",
            "last_four": "token__hint",
            "hour": "hour",
            "network": "network",
            "why": "why",
            "client": "client",
            "times": "times",
            "last_at": "last_at",
        },
    ),
    Table(
        "webhooks",
        "Webhooks, without their secrets",
        lambda artist: WebhookEndpoint.objects.filter(artist=artist),
        {
            "id": "id",
            "name": "name",
            "url": "url",
            "event_types": "event_types",
            "created_at": "created_at",
            "switched_off_at": "switched_off_at",
        },
    ),
    Table(
        "webhook_deliveries",
        "What was sent to your webhooks",
        lambda artist: WebhookDelivery.objects.filter(endpoint__artist=artist),
        {
            "webhook": "endpoint_id",
            "event_type": "event_type",
            "work": "generation_id",
            "state": "state",
            "created_at": "created_at",
            "tries": "tries",
            "answer": "answer",
        },
    ),
    Table(
        "removal_notices",
        "Letters about drafts that go",
        lambda artist: RemovalNotice.objects.filter(artist=artist),
        {"created_at": "created_at", "told_at": "told_at"},
    ),
    Table(
        "saved_views",
        "Views of the review queue you saved",
        lambda artist: SavedView.objects.filter(reviewer=artist),
        {"name": "name", "narrowed_to": "querystring", "created_at": "created_at"},
    ),
    Table(
        "departures",
        "Leaving",
        lambda artist: Departure.objects.filter(artist=artist),
        {
            "kind": "kind",
            "reason": "reason",
            "shares": "shares",
            "ends_at": "ends_at",
            "erase_at": "erase_at",
            "undone_at": "undone_at",
        },
    ),
)
