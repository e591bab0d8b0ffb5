"""The Celery application; its settings are the CELERY_… names of portal.settings."""

import logging
import os
import time
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction
from kombu.exceptions import OperationalError

import portal.broker  # noqa: F401  (registers the folder:// transport)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

REST_SECONDS = 5

logger = logging.getLogger(__name__)


class Task(DjangoTask):
    """A task whose message may be lost: the row is the truth, and the sweep finds it."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Send the message once the transaction is committed.

        A broker that is away is logged, and fails nobody whose row is stored.
        """
        transaction.on_commit(lambda: _nudge(self, args, kwargs), robust=True)


def _nudge(task: Task, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Send a message, or leave it: of all who meet a broker that is away, few wait for it."""
    global _away_until
    if time.monotonic() < _away_until:
        return
    try:
        task.delay(*args, **kwargs)
    except OperationalError as exc:
        _away_until = time.monotonic() + REST_SECONDS
        logger.warning("the broker is away (%s): the schedule does what it would be told", exc)


_away_until = 0.0
app = Celery("greenroom", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
