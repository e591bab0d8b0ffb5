"""Inviting somebody, and admitting who accepts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from artists.admissions.errors import (
    AlreadyHasAccount,
    CohortFull,
    InvitationGone,
    NothingToResend,
    NothingToRevoke,
)
from artists.letters.facts import INVITATION
from artists.letters.services import write_letter
from artists.models import Application, Artist, Cohort, Invitation, LetterKind, Limit
from artists.quotas.ceilings import end, grant
from portal.audit import record
from portal.secret_links import digest, link_to, new_nonce, secret_of


@transaction.atomic
@sensitive_variables("secret", "nonce")
def invite(
    *,
    email: str,
    cohort: Cohort,
    invited_by: Artist | None,
    expires_at: datetime | None = None,
    max_uses: int = 1,
    application: Application | None = None,
    note: str = "",
) -> tuple[Invitation, str]:
    """Mail a link into a cohort, and return the invitation with the link's secret.

    An address gets a link of its own that works once; its open invitation before this one ends,
    so that one link at a time works. Without an address nothing is mailed: the link, which works
    `max_uses` times, is for whoever invites to hand on. `expires_at` is settings.INVITATION_DAYS
    from now unless given; `invited_by` is None for somebody at the command line. With an
    application the letter is the one that accepts it, with the manager's `note`.
    Raises AlreadyHasAccount for an address that signs in already, and CohortFull.
    """
    email = email.strip().lower()
    if email and Artist.objects.filter(email__iexact=email).exists():
        raise AlreadyHasAccount
    cohort = _lock(cohort)
    replaced = Invitation.objects.filter(email=email).revoke() if email else 0
    _check_places(cohort, more=max_uses)
    nonce = new_nonce()
    secret = secret_of(nonce, purpose=INVITATION)
    invitation = Invitation.objects.create(
        email=email,
        cohort=cohort,
        link_nonce=nonce,
        secret_sha256=digest(secret),
        invited_by=invited_by,
        max_uses=max_uses,
        expires_at=expires_at or _in_its_time(),
    )
    if email:
        kind = LetterKind.ACCEPTED if application else LetterKind.INVITATION
        write_letter(kind, application=application, invitation=invitation, note=note)
    facts = {"cohort": cohort.name, "replaced": replaced, "max_uses": max_uses}
    record("invitation.made", actor=invited_by, subject=invitation, facts=facts)
    return invitation, secret


@transaction.atomic
@sensitive_variables("nonce")
def resend(*, invitation: Invitation, by: Artist) -> None:
    """Mail an unused invitation again, with a new link and its whole time; the old link ends.

    Raises NothingToResend, AlreadyHasAccount and CohortFull.
    """
    cohort = _lock(invitation.cohort)
    unused = Invitation.objects.select_for_update().filter(pk=invitation.pk, uses=0)
    found = unused.exclude(email="").first()
    if found is None:
        raise NothingToResend
    if Artist.objects.filter(email__iexact=found.email).exists():
        raise AlreadyHasAccount
    if not found.is_open:
        Invitation.objects.filter(email=found.email).exclude(pk=found.pk).revoke()
        _check_places(cohort, more=1)
    nonce = new_nonce()
    found.link_nonce = nonce
    found.secret_sha256 = digest(secret_of(nonce, purpose=INVITATION))
    found.expires_at, found.revoked_at = _in_its_time(), None
    found.save()
    write_letter(LetterKind.INVITATION, invitation=found)
    record("invitation.resent", actor=by, subject=found)


@transaction.atomic
def revoke(*, invitation: Invitation, by: Artist) -> None:
    """End a link from the next click on; who came in by it stays. Raises NothingToRevoke."""
    if Invitation.objects.filter(pk=invitation.pk).revoke() != 1:
        raise NothingToRevoke
    record("invitation.revoked", actor=by, subject=invitation)


@transaction.atomic
def admit(*, invitation: Invitation, artist: Artist) -> None:
    """Use an invitation for the account just made, which joins its cohort.

    Raises InvitationGone if it is used up, revoked or expired; then the caller makes no account
    either. The place was promised when the invitation was made.
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
    return link_to("artists:invitation", secret)


def _in_its_time() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _lock(cohort: Cohort) -> Cohort:
    """The row as it stands; nobody else promises its places until this transaction ends."""
    return Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def _check_places(cohort: Cohort, *, more: int) -> None:
    """Raise CohortFull where so many more do not fit, with all that is promised."""
    if cohort.places is None:
        return
    if Cohort.objects.places_used(cohort.pk) + more > cohort.places:
        raise CohortFull
