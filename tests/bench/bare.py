"""The baseline of bench_api: the least that Django can do, one view that makes one insert.

It runs on the same server and the same database as the portal; `insert` stands against a create,
`read` against a retrieve.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, JsonResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from portal import settings as portal_settings

settings.configure(
    SECRET_KEY=portal_settings.SECRET_KEY,
    ALLOWED_HOSTS=["*"],
    DATABASES=portal_settings.DATABASES,
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
)
application = get_wsgi_application()


class Row(models.Model):
    prompt = models.TextField()

    objects: models.Manager["Row"] = models.Manager()

    class Meta:
        app_label = "bare"
        db_table = "bare_row"

    def __str__(self) -> str:
        return self.prompt


def insert(request: HttpRequest) -> JsonResponse:
    row = Row.objects.create(prompt="A paper boat on a quiet lake at dawn")
    return JsonResponse({"id": row.pk, "prompt": row.prompt})


def read(request: HttpRequest) -> JsonResponse:
    row = Row.objects.get(pk=1)
    return JsonResponse({"id": row.pk, "prompt": row.prompt})


urlpatterns = [path("insert", insert), path("read", read)]
