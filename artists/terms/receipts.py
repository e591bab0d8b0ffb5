"""Receipts of acceptances: a letter with the texts, each at least once.

Whatever one person has accepted since the last letter stands in one. It counts as told when the
mail server has taken it; a worker that is killed between the two leaves a letter that is written
again.
"""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from artists.models import Acceptance, Artist

LETTER_TAKES = timedelta(minutes=5)  # at most: settings.EMAIL_TIMEOUT bounds each word of the mail


def send_receipt(artist_id: int) -> None:
    """Mail what an artist has accepted and was not told of. A claim makes it one letter."""
    untold = Acceptance.objects.untold().filter(artist=artist_id)
    until = timezone.now() + LETTER_TAKES
    if not untold.update(telling_until=until):
        return
    claimed = Acceptance.objects.filter(artist=artist_id, told_at=None, telling_until=until)
    try:
        _letter(list(claimed.select_related("terms", "artist").order_by("pk"))).send()
    except Exception:
        claimed.update(telling_until=None)
        raise
    claimed.update(told_at=timezone.now(), telling_until=None)


def owed_receipts() -> list[int]:
    """The artists whose receipts were never begun, or not taken by the mail server."""
    overdue = Acceptance.objects.overdue().order_by("artist")
    return list(overdue.values_list("artist", flat=True).distinct())


def _letter(acceptances: list[Acceptance]) -> EmailMessage:
    artist: Artist = acceptances[0].artist
    facts = {
        "artist": artist,
        "acceptances": acceptances,
        "programme_name": settings.PROGRAMME_NAME,
        "public_url": settings.PUBLIC_URL,
    }
    subject = " ".join(render_to_string("artists/terms/receipt_subject.txt", facts).split())
    letter = EmailMessage(
        subject, render_to_string("artists/terms/receipt.txt", facts), to=[artist.email]
    )
    for one in acceptances:
        name = f"{one.terms.kind}-{one.terms.version}.md"
        letter.attach(name, one.terms.text, "text/plain")
    return letter
