"""Letters go out after their act is committed, at least once each.

A letter counts as sent when the mail server has taken it. A worker that is killed between the two
leaves a letter that is sent again: rather two than none.
"""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from artists.accounts.zones import zone_of
from artists.letters.facts import facts_of
from artists.letters.rendering import Rendered, render
from artists.models import Departure, Letter


def send_letter(letter_id: int) -> None:
    """Send one letter, unless it is sent or another worker sends it."""
    if not Letter.objects.claim(letter_id):
        return
    letter = Letter.objects.select_related(
        "application__round", "invitation__cohort", "artist", "terms", "by"
    ).get(pk=letter_id)
    if not _is_wanted(letter):
        letter.delete()
        return
    try:
        with timezone.override(zone_of(letter.artist) if letter.artist else None):
            _send(letter)
    except Exception:
        Letter.objects.give_back(letter_id)
        raise
    Letter.objects.mark_sent(letter_id)


@sensitive_variables()
def render_letter(letter: Letter) -> Rendered:
    """The letter as it goes out, its link among it."""
    return render(subject=letter.subject, body=letter.body, facts=facts_of(letter))


@sensitive_variables()
def _send(letter: Letter) -> None:
    rendered = render_letter(letter)
    message = EmailMultiAlternatives(
        rendered.subject,
        rendered.text,
        to=[letter.address],
        reply_to=[letter.by.email] if letter.by else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    facts = {"letter": rendered, "programme_name": settings.PROGRAMME_NAME}
    message.attach_alternative(render_to_string("artists/letters/mail.html", facts), "text/html")
    message.send()


def _is_wanted(letter: Letter) -> bool:
    """Whether a letter to a member still has a reader: who left is told of no new terms."""
    if letter.artist is None:
        return True
    has_left = Departure.objects.in_force().filter(artist=letter.artist).exists()
    return letter.artist.is_active and not (letter.terms and has_left)
