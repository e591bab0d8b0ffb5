"""What an applicant does: apply, change, withdraw."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from artists.applications.errors import (
    CannotChange,
    CannotWithdraw,
    RoundNotOpen,
    TooManyApplications,
)
from artists.letters.facts import APPLICATION
from artists.letters.services import write_letter
from artists.models import Application, Invitation, LetterKind, PortfolioLink, Round
from portal.audit import record
from portal.same_person import email_key, link_key, name_key, network_key
from portal.secret_links import digest, new_nonce, secret_of
from portal.throttling import is_within

HOUR, DAY = 3600, 86_400
FROM_A_NETWORK_AN_HOUR = 20
LETTERS_TO_AN_ADDRESS_A_DAY = 3
WRITTEN = (  # by the applicant, or read from what they wrote
    *("name", "email", "country", "time_zone", "disciplines", "statement", "would_make"),
    *("heard_from", "email_key", "name_key", "network"),
)


@dataclass(frozen=True)
class Answers:
    """What the form asks for, cleaned."""

    name: str
    email: str
    country: str
    time_zone: str
    disciplines: str
    statement: str
    would_make: str
    heard_from: str
    links: tuple[str, ...]

    @property
    def fields(self) -> dict[str, str]:
        """The values of the row's own fields, with the keys by which doubles are found."""
        own = {name: value for name, value in vars(self).items() if name != "links"}
        return own | {"email_key": email_key(self.email), "name_key": name_key(self.name)}


@sensitive_variables("nonce", "secret")
def apply(*, round_: Round, answers: Answers, form_nonce: UUID, address: str) -> str:
    """Take an application, and return the secret of its private link.

    The same form sent twice is one application. To the address that it names a letter goes, three
    a day at most whoever sends them, so that nobody floods a stranger's mailbox with ours.
    Raises RoundNotOpen, and TooManyApplications for a network that sends many.
    """
    sent_before = Application.objects.filter(form_nonce=form_nonce).first()
    if sent_before:
        return secret_of(sent_before.link_nonce, purpose=APPLICATION)
    network = network_key(address)
    if not is_within(f"apply:{network}", at_most=FROM_A_NETWORK_AN_HOUR, seconds=HOUR):
        raise TooManyApplications
    nonce = new_nonce()
    secret = secret_of(nonce, purpose=APPLICATION)
    with transaction.atomic():
        if not Round.objects.open().filter(pk=round_.pk).exists():
            raise RoundNotOpen
        application, is_new = Application.objects.get_or_create(
            form_nonce=form_nonce,
            defaults={
                **answers.fields,
                "round": round_,
                "link_nonce": nonce,
                "secret_sha256": digest(secret),
                "network": network,
            },
        )
        if not is_new:  # the other half of a double click was faster
            return secret_of(application.link_nonce, purpose=APPLICATION)
        _set_links(application, answers.links)
        if _may_write_to(application):
            write_letter(LetterKind.RECEIVED, application=application)
    return secret


@transaction.atomic
def change(*, application: Application, answers: Answers) -> None:
    """Put new answers in place of the old ones. Raises CannotChange."""
    locked = _lock(application)
    if not locked.may_change:
        raise CannotChange
    moved = answers.email != locked.email
    for name, value in answers.fields.items():
        setattr(locked, name, value)
    locked.changed_at = timezone.now()
    locked.save()
    _set_links(locked, answers.links)
    if moved and _may_write_to(locked):
        write_letter(LetterKind.RECEIVED, application=locked)


@transaction.atomic
def withdraw(*, application: Application) -> None:
    """Take an application back and erase what was written in it and about it.

    An accepted one gives its place back, and its invitation ends. Raises CannotWithdraw.
    """
    locked = _lock(application)
    if not locked.may_withdraw or Invitation.objects.filter(application=locked, uses__gt=0):
        raise CannotWithdraw
    if locked.state == Application.State.ACCEPTED:
        Round.objects.give_place_back(locked.round_id)
    Invitation.objects.filter(application=locked).revoke()
    was = locked.state
    locked.state = Application.State.WITHDRAWN
    locked.changed_at = timezone.now()
    erase(locked)
    record("application.withdrawn", actor=None, subject=locked, facts={"was": was})


def erase(application: Application) -> None:
    """Save an application without what was written in it and about it."""
    for name in WRITTEN:
        setattr(application, name, "")
    application.save()
    application.links.all().delete()
    application.scores.all().delete()
    application.letters.all().delete()


def find_application(secret: str) -> Application | None:
    """The application of a private link; None if there is none."""
    found = Application.objects.select_related("round__cohort", "invitation")
    return found.filter(secret_sha256=digest(secret)).first()


def _lock(application: Application) -> Application:
    """The row as it stands, held until the transaction ends."""
    locked = Application.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("round").get(pk=application.pk)


def _set_links(application: Application, urls: Iterable[str]) -> None:
    application.links.all().delete()
    PortfolioLink.objects.bulk_create(
        PortfolioLink(application=application, url=url, key=link_key(url)) for url in urls
    )


def _may_write_to(application: Application) -> bool:
    key = f"apply-letter:{digest(application.email_key)}"
    return is_within(key, at_most=LETTERS_TO_AN_ADDRESS_A_DAY, seconds=DAY)
