"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest


def programme(request: HttpRequest) -> dict[str, object]:
    return {"programme_name": settings.PROGRAMME_NAME, "demo": settings.DEMO}
