"""Receipts of acceptances: a letter with the texts, each at least once.

Whatever one person has accepted since the last letter stands in one; see portal/telling.py.
"""

from django.conf import settings
from django.core.mail import EmailMessage

from artists.models import Acceptance, Artist
from portal.mail import plain_letter
from portal.telling import overdue, telling


def send_receipt(artist_id: int) -> None:
    """Mail what an artist has accepted and was not told of. A claim makes it one letter."""
    with telling(Acceptance.objects.filter(artist=artist_id)) as claimed:
        acceptances = list(claimed.select_related("terms", "artist").order_by("pk"))
        if acceptances:
            _letter(acceptances).send()


def owed_receipts() -> list[int]:
    """The artists whose receipts were never begun, or not taken by the mail server."""
    owed = overdue(Acceptance.objects.order_by("artist"), since="accepted_at")
    return list(owed.values_list("artist", flat=True).distinct())


def _letter(acceptances: list[Acceptance]) -> EmailMessage:
    artist: Artist = acceptances[0].artist
    facts = {
        "artist": artist,
        "acceptances": acceptances,
        "public_url": settings.PUBLIC_URL,
    }
    letter = plain_letter("artists/terms/receipt", facts, to=artist.email)
    for one in acceptances:
        name = f"{one.terms.kind}-{one.terms.version}.md"
        letter.attach(name, one.terms.text, "text/plain")
    return letter
