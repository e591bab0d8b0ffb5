"""Background work on who may make what."""

from celery import shared_task

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
