"""Letters go out after their act is committed, at least once each.

A letter counts as sent when the mail server has taken it. A worker that is killed between the two
leaves a letter that is sent again: rather two than none.
"""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.debug import sensitive_variables

from artists.letters.rendering import Rendered, render
from artists.models import Application, Invitation, Letter
from portal.secret_links import link_to, secret_of

APPLICATION = "application"
INVITATION = "invitation"


def send_letter(letter_id: int) -> None:
    """Send one letter, unless it is sent or another worker sends it."""
    if not Letter.objects.claim(letter_id):
        return
    letter = Letter.objects.select_related("application__round", "invitation__cohort").get(
        pk=letter_id
    )
    try:
        _send(letter)
    except Exception:
        Letter.objects.give_back(letter_id)
        raise
    Letter.objects.mark_sent(letter_id)


def invitation_link(invitation: Invitation) -> str:
    secret = secret_of(invitation.link_nonce, purpose=INVITATION)
    return link_to("artists:invitation", secret)


def application_link(application: Application) -> str:
    secret = secret_of(application.link_nonce, purpose=APPLICATION)
    return link_to("artists:my_application", secret)


@sensitive_variables()
def render_letter(letter: Letter) -> Rendered:
    """The letter as it goes out, its link among it."""
    return render(subject=letter.subject, body=letter.body, facts=_facts(letter))


def say_moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i e")


@sensitive_variables()
def _send(letter: Letter) -> None:
    rendered = render_letter(letter)
    about = letter.application or letter.invitation
    assert about is not None  # noqa: S101  # the database holds it
    message = EmailMultiAlternatives(
        rendered.subject,
        rendered.text,
        to=[about.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    facts = {"letter": rendered, "programme_name": settings.PROGRAMME_NAME}
    message.attach_alternative(render_to_string("artists/letters/mail.html", facts), "text/html")
    message.send()


@sensitive_variables()
def _facts(letter: Letter) -> dict[str, str]:
    facts = {"programme": settings.PROGRAMME_NAME, "note": letter.note}
    if application := letter.application:
        facts |= {
            "round": str(application.round),
            "name": application.name,
            "link": application_link(application),
            "closes": say_moment(application.round.closes_at),
        }
    if invitation := letter.invitation:
        facts |= {
            "cohort": str(invitation.cohort),
            "link": invitation_link(invitation),
            "expires": say_moment(invitation.expires_at),
        }
    return facts
