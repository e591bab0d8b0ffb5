"""Inviting somebody by e-mail, and admitting who accepts."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from artists.admissions.errors import AlreadyHasAccount, InvitationGone
from artists.models import Artist, Cohort, Invitation, Limit
from artists.quotas.ceilings import end, grant
from portal.audit import record


@transaction.atomic
@sensitive_variables("secret")
def invite(
    *, email: str, cohort: Cohort, invited_by: Artist | None, expires_at: datetime | None = None
) -> tuple[Invitation, str]:
    """Mail a single-use link into a cohort, and return the invitation with the link's secret.

    The secret is given here once: its SHA-256 alone is stored. An open invitation of the same
    address ends, so that one link at a time works. `expires_at` is settings.INVITATION_DAYS from
    now unless given; `invited_by` is None for somebody at the command line.
    Raises AlreadyHasAccount for an address that signs in already.
    """
    email = email.strip().lower()
    if Artist.objects.filter(email__iexact=email).exists():
        raise AlreadyHasAccount
    now = timezone.now()
    replaced = Invitation.objects.open().filter(email=email).update(expires_at=now)
    secret = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        email=email,
        cohort=cohort,
        secret_sha256=digest(secret),
        invited_by=invited_by,
        expires_at=expires_at or now + timedelta(days=settings.INVITATION_DAYS),
    )
    transaction.on_commit(partial(_mail, invitation, link(secret)))
    facts = {"cohort": cohort.name, "replaced": replaced}
    record("invitation.made", actor=invited_by, subject=invitation, facts=facts)
    return invitation, secret


@transaction.atomic
def admit(*, invitation: Invitation, artist: Artist) -> None:
    """Use an invitation up for the account just made, which joins its cohort.

    Raises InvitationGone if it is used or expired; then the caller makes no account either.
    """
    if not Invitation.objects.redeem(invitation.pk, artist.pk):
        raise InvitationGone
    join(artist, invitation.cohort)


@transaction.atomic
def join(artist: Artist, cohort: Cohort | None) -> None:
    """Put somebody into a cohort with the limits that it grants; None takes them out of any.

    What another cohort granted gets the new ceiling, or ends where this one sets none: what was
    spent in the period stays spent. A limit that a manager set by hand stays as it is.
    """
    Artist.objects.select_for_update().get(pk=artist.pk)  # one move at a time
    artist.cohort = cohort
    artist.save(update_fields=["cohort"])
    grants = cohort.artist_grants if cohort else {}
    reason = f"Joined the cohort {cohort}" if cohort else "Left the cohort"
    for limit in artist.limits.order_by("pk"):
        amount = grants.pop(Limit.Period(limit.period), None)
        if limit.granted_by_id is None:
            continue
        if amount is not None:
            grant(limit, amount=amount, granted_by=cohort, reason=reason)
        elif limit.ended_at is None:
            end(limit, reason=reason)
    Limit.objects.bulk_create(
        Limit(artist=artist, period=period, ceiling=amount, granted_by=cohort)
        for period, amount in grants.items()
    )


def find_invitation(secret: str) -> Invitation | None:
    """Return the invitation of a link, whether it still works or not; None if there is none."""
    return Invitation.objects.select_related("cohort").filter(secret_sha256=digest(secret)).first()


def link(secret: str) -> str:
    return settings.PUBLIC_URL + reverse("artists:invitation", args=[secret])


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@sensitive_variables("url", "facts")
def _mail(invitation: Invitation, url: str) -> None:
    facts = {
        "url": url,
        "programme_name": settings.PROGRAMME_NAME,
        "cohort": invitation.cohort,
        "expires_at": invitation.expires_at,
    }
    subject = render_to_string("artists/invitation_email_subject.txt", facts).strip()
    body = render_to_string("artists/invitation_email.txt", facts)
    send_mail(subject, body, from_email=None, recipient_list=[invitation.email])
