"""Background work on who may make what, and on who is asked in."""

from celery import shared_task

from artists.access import dead_uses
from artists.accounts import sessions
from artists.letters import announcing, sending
from artists.models import Letter
from artists.programs import services as programs
from artists.quotas import alarm, windows
from artists.terms import receipts


@shared_task
def check_ledger() -> None:
    alarm.check_and_alarm()


@shared_task
def follow_raises() -> None:
    windows.follow_raises()


@shared_task
def send_receipt(artist_id: int) -> None:
    receipts.send_receipt(artist_id)


@shared_task
def send_owed_receipts() -> None:
    for artist_id in receipts.owed_receipts():
        send_receipt.delay(artist_id)


@shared_task
def send_letter(letter_id: int) -> None:
    sending.send_letter(letter_id)


@shared_task
def send_left_behind() -> None:
    """Begin again the letters that were never begun, or that the mail server did not take."""
    for letter_id in Letter.objects.left_behind().values_list("pk", flat=True):
        send_letter.delay(letter_id)


@shared_task
def announce_terms() -> None:
    """Write the next letters about new terms, send them, and go on until everybody has one."""
    written = announcing.write_next()
    for letter_id in written:
        send_letter.delay(letter_id)
    if written:
        announce_terms.delay()


@shared_task
def tell_dead_uses() -> None:
    dead_uses.tell_artists()


@shared_task
def tidy_dead_uses() -> None:
    dead_uses.tidy()


@shared_task
def tidy_programs() -> None:
    programs.tidy()


@shared_task
def tidy_sessions() -> None:
    sessions.tidy()
