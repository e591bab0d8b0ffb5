"""Background work on who may make what."""

from celery import shared_task

from artists.quotas import alarm, windows


@shared_task
def check_ledger() -> None:
    alarm.check_and_alarm()


@shared_task
def follow_raises() -> None:
    windows.follow_raises()
