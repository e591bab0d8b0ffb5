"""Pausing, from the lists of the administration."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html


class PausableAdmin(admin.ModelAdmin):
    """Each row leads to the page that pauses it; `pause_slug` is the kind in its address."""

    pause_slug: ClassVar[str]

    def get_list_display(self, request: HttpRequest) -> Any:
        return [*super().get_list_display(request), "pause"]

    @admin.display(description="Pause")
    def pause(self, row: models.Model) -> str:
        address = reverse("generations:pause", args=[f"{self.pause_slug}-{row.pk}"])
        return format_html('<a href="{}">Pause…</a>', address)
