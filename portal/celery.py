"""The Celery application; its settings are the CELERY_… names of portal.settings."""

import logging
import os
import threading
import time
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction
from kombu.exceptions import OperationalError

import portal.broker  # noqa: F401  (registers the folder:// transport)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

REST_SECONDS = 5
PACE_SECONDS = 0.2

logger = logging.getLogger(__name__)


class Task(DjangoTask):
    """A task whose message may be lost: the row is the truth, and the sweep finds it."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Send the message once the transaction is committed.

        One without arguments says what another says a moment later: of those that come within
        PACE_SECONDS one is sent at once, and one for all the others at the end. A broker that is
        away is logged, and fails nobody whose row is stored.
        """

        def nudge() -> None:
            if args or kwargs or self.app.conf.task_always_eager:
                _nudge(self, args, kwargs)
            else:
                self._nudge_at_pace()

        transaction.on_commit(nudge, robust=True)

    def _nudge_at_pace(self) -> None:
        """Send now, or once for all who ask in a moment; after this moment, so it tells of all."""
        now = time.monotonic()
        with _pace:
            free_at = _free_at.get(self.name, now)
            if free_at > now + PACE_SECONDS:  # somebody has seen to it
                return
            _free_at[self.name] = max(free_at, now) + PACE_SECONDS
        if free_at <= now:
            _nudge(self, (), {})
            return
        timer = threading.Timer(free_at - now, _nudge, (self, (), {}))
        timer.daemon = True  # a process that ends waits for no hint
        timer.start()


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
_pace = threading.Lock()
_free_at: dict[str, float] = {}  # by a task's name, when another of its messages may leave
app = Celery("greenroom", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
