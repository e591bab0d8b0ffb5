"""What stands in the places of a letter, read when it is sent: no link is kept with it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.debug import sensitive_variables

from artists.models import Application, Artist, Invitation, Letter, Terms
from artists.terms.difference import compare
from portal.secret_links import link_to, secret_of

APPLICATION = "application"
INVITATION = "invitation"
OPERATORS = "whoever runs the programme’s server"


@sensitive_variables()
def facts_of(letter: Letter) -> dict[str, str]:
    """The placeholders of a letter with what they stand for."""
    facts = {"programme": settings.PROGRAMME_NAME, "note": letter.note}
    if letter.application:
        facts |= _of_application(letter.application)
    if letter.invitation:
        facts |= _of_invitation(letter.invitation)
    if letter.artist:
        facts |= _of_member(letter.artist, by=letter.by)
    if letter.terms:
        facts |= _of_terms(letter.terms)
    return facts


def invitation_link(invitation: Invitation) -> str:
    secret = secret_of(invitation.link_nonce, purpose=INVITATION)
    return link_to("artists:invitation", secret)


def application_link(application: Application) -> str:
    secret = secret_of(application.link_nonce, purpose=APPLICATION)
    return link_to("artists:my_application", secret)


def say_moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i e")


def _of_application(application: Application) -> dict[str, str]:
    return {
        "round": str(application.round),
        "name": application.name,
        "link": application_link(application),
        "closes": say_moment(application.round.closes_at),
    }


def _of_invitation(invitation: Invitation) -> dict[str, str]:
    return {
        "cohort": str(invitation.cohort),
        "link": invitation_link(invitation),
        "expires": say_moment(invitation.expires_at),
    }


def _of_member(artist: Artist, *, by: Artist | None) -> dict[str, str]:
    return {
        "name": str(artist),
        "who": f"{by} ({by.email})" if by else OPERATORS,
        "link": settings.PUBLIC_URL + reverse("mfa_index"),
    }


def _of_terms(terms: Terms) -> dict[str, str]:
    """A version that is announced, with what it changes of the one in force."""
    replaced = Terms.objects.in_force().filter(kind=terms.kind, version__lt=terms.version).first()
    path, changes = terms.get_absolute_url(), "It is the first text of its kind here."
    if replaced is not None:
        found = compare(replaced.text, terms.text)
        changes = f"Words added: {found.added}, removed: {found.removed}."
        path = reverse("artists:terms_changes", args=[terms.kind, terms.version, replaced.version])
    return {
        "document": str(terms.get_kind_display()),
        "date": say_moment(terms.takes_effect_at) if terms.takes_effect_at else "",
        "changes": changes,
        "link": settings.PUBLIC_URL + path,
        "answer": settings.PUBLIC_URL + reverse("artists:accept_terms"),
    }
