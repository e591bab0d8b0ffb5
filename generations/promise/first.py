"""The promise that a programme begins with."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings


def make_first_promise(*, using: str, apps: Apps = installed, **_: Any) -> None:
    """Make version 1 where there is none, after a migration or a flush."""
    try:
        promise = apps.get_model("generations", "Promise")
    except LookupError:
        return  # migrated back to before there were promises
    promise._default_manager.using(using).get_or_create(
        version=1,
        defaults={
            "decide_days": settings.REVIEW_DAYS,
            "appeal_days": 5,
            "report_days": 2,
            "time_zone": settings.TIME_ZONE,
            "reviewers_reminded_hours": 24,
            "managers_reminded_hours": 8,
            "apology_days": 2,
        },
    )
