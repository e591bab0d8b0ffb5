"""Who enters the administration, and how its lists lead to a pause.

Staff enter, signed in where everybody is, with a second factor.
"""

from typing import Any, ClassVar

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from artists.access.second_factor import require_second_factor, shows_second_factor
from portal.administration import GuardedAdmin


class AdministrationSite(AdminSite):
    site_header = site_title = "Greenroom"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our own pages alone: those that other packages bring write no audit trail (I10)."""
        if admin_class is not None and issubclass(admin_class, GuardedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request) or not shows_second_factor(request):
            return False
        return not request.user.has_left  # type: ignore[union-attr]  # of staff alone

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Where Django leads whoever has no permission: sign in, or show a second factor."""
        if super().has_permission(request):
            require_second_factor(request)
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:  # a redirect, where Django's own renders a page
        """Lead to where guesses are counted, and who has another password is told by mail."""
        return redirect("account_change_password")


class PausableAdmin(admin.ModelAdmin):
    """Each row leads to the page that pauses it; `pause_slug` is the kind in its address."""

    pause_slug: ClassVar[str]

    def get_list_display(self, request: HttpRequest) -> Any:
        return [*super().get_list_display(request), "pause"]

    @admin.display(description="Pause")
    def pause(self, row: models.Model) -> str:
        address = reverse("generations:pause", args=[f"{self.pause_slug}-{row.pk}"])
        return format_html('<a href="{}">Pause…</a>', address)
