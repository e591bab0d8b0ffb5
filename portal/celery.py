"""The Celery application; its settings are the CELERY_… names of portal.settings."""

import os

from celery import Celery

import portal.broker  # noqa: F401  (registers the folder:// transport)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("greenroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
