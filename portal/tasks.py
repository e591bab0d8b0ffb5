from celery import shared_task

from portal import pulses


@shared_task
def pulse(queue: str) -> None:
    """Sent to each queue by the schedule."""
    pulses.note(queue)
