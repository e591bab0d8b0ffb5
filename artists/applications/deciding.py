"""A manager's decision: accept, wait-list or decline, with a letter; one, or many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils import timezone

from artists.admissions.services import invite
from artists.applications.errors import AlreadyThere, HasJoined, OwnApplication, RoundFull
from artists.letters.services import write_letter
from artists.models import Application, Artist, Invitation, LetterKind, Round
from portal.audit import record
from portal.errors import PortalError


class Verdict(models.TextChoices):
    ACCEPT = "accepted", "Accept"
    WAITLIST = "waitlisted", "Put on the waiting list"
    DECLINE = "declined", "Decline"


LETTERS = {
    Verdict.ACCEPT: LetterKind.ACCEPTED,
    Verdict.WAITLIST: LetterKind.WAITLISTED,
    Verdict.DECLINE: LetterKind.DECLINED,
}


@dataclass
class Outcome:
    """How a decision about many went: how many stand, and whose could not be made, and why."""

    decided: int = 0
    refused: list[tuple[Application, PortalError]] = field(default_factory=list)


@transaction.atomic
def decide(*, application: Application, verdict: Verdict, by: Artist, note: str = "") -> None:
    """Decide on one application and write its letter; to accept takes a place and invites.

    What was accepted may be decided anew until the invitation is used: then the place is free
    again and the invitation ends. Raises OwnApplication, AlreadyThere, HasJoined, RoundFull,
    AlreadyHasAccount and CohortFull; then nothing is changed.
    """
    if not Application.objects.readable_by(by).filter(pk=application.pk).exists():
        raise OwnApplication
    locked = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    was = locked.state
    if verdict == was or was == Application.State.WITHDRAWN:
        raise AlreadyThere
    if was == Application.State.ACCEPTED:
        _take_back(locked)
    locked.decided_at, locked.decided_by = timezone.now(), by
    if verdict == Verdict.ACCEPT:
        _accept(locked, by=by, note=note)
    else:
        locked.invitation = None
        locked.state = verdict
        locked.save()
        write_letter(LETTERS[verdict], application=locked, note=note)
    facts = {"was": was, "became": str(verdict), "round": locked.round_id}
    record("application.decided", actor=by, subject=locked, facts=facts)


def decide_all(
    applications: Iterable[Application], *, verdict: Verdict, by: Artist, note: str = ""
) -> Outcome:
    """Decide on each in a transaction of its own: one that cannot be leaves the others alone."""
    outcome = Outcome()
    for application in applications:
        try:
            decide(application=application, verdict=verdict, by=by, note=note)
        except PortalError as refusal:
            outcome.refused.append((application, refusal))
        else:
            outcome.decided += 1
    return outcome


def _accept(application: Application, *, by: Artist, note: str) -> None:
    """Take a place of the round and make the invitation, both or neither."""
    if not Round.objects.take_place(application.round_id):
        raise RoundFull
    application.invitation, _ = invite(
        email=application.email,
        cohort=application.round.cohort,
        invited_by=by,
        application=application,
        note=note,
    )
    application.state = Application.State.ACCEPTED
    application.save()


def _take_back(application: Application) -> None:
    invitation = Invitation.objects.select_for_update().get(application=application)
    if invitation.uses:
        raise HasJoined
    Invitation.objects.filter(pk=invitation.pk).revoke()
    Round.objects.give_place_back(application.round_id)
