"""The Celery application; its settings are the CELERY_… names of portal.settings."""

import os
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction

import portal.broker  # noqa: F401  (registers the folder:// transport)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class Task(DjangoTask):
    """A task whose message may be lost: the row is the truth, and the sweep finds it."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Send the message once the transaction is committed.

        A broker that is away is logged, and fails nobody whose row is stored.
        """
        transaction.on_commit(lambda: self.delay(*args, **kwargs), robust=True)


app = Celery("greenroom", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
