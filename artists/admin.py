"""The administration, for managers: who is in, and what they may spend. All of it is audited."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from artists.access.administration import PausableAdmin
from artists.access.services import revoke
from artists.admissions.errors import AlreadyHasAccount
from artists.admissions.services import invite, join
from artists.models import Artist, Cohort, Departure, Invitation, LedgerEntry, Limit, Token
from artists.requests import ArtistRequest
from artists.roles.services import ensure_not_last_manager
from portal.administration import AuditedAdmin, GuardedAdmin


class ReadOnlyAdmin(GuardedAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Artist)
class ArtistAdmin(PausableAdmin, AuditedAdmin):
    pause_slug = "artist"
    fields = ["email", "credit_name", "cohort", "is_active", "roles", "date_joined", "last_login"]
    readonly_fields = ["email", "credit_name", "roles", "date_joined", "last_login"]
    list_display = ["email", "credit_name", "cohort", "is_active"]
    list_filter = ["cohort", "groups", "is_active"]
    search_fields = ["email", "credit_name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people are invited

    def has_change_permission(self, request: HttpRequest, obj: Artist | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or request.user.is_superuser or not obj.is_superuser)

    def write(
        self, request: ArtistRequest, obj: Artist, form: forms.ModelForm, *, change: bool
    ) -> None:
        if "is_active" in form.changed_data and not obj.is_active:
            ensure_not_last_manager(obj)
        obj.save()
        if "cohort" in form.changed_data:
            join(obj, obj.cohort)

    @admin.display(description="Roles")
    def roles(self, row: Artist) -> str:
        """Which there are, and the page that sets them, which asks first who one is."""
        held = ", ".join(row.groups.values_list("name", flat=True)) or "none"
        address = reverse("artists:roles_of", args=[row.pk])
        return format_html('{} · <a href="{}">Set them…</a>', held, address)


class InvitationForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ["email", "cohort", "expires_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_at"].required = False
        self.fields["expires_at"].help_text = f"Empty: in {settings.INVITATION_DAYS} days."

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if Artist.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(AlreadyHasAccount.message)
        return email

    def clean_expires_at(self) -> datetime | None:
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at and expires_at <= timezone.now():
            raise forms.ValidationError("This time has passed.")
        return expires_at


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    form = InvitationForm
    fields = ["email", "cohort", "expires_at"]
    list_display = ["email", "cohort", "invited_by", "expires_at", "uses", "revoked_at"]
    search_fields = ["email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("artists.invite_artist")

    def save_model(
        self, request: Any, obj: Invitation, form: forms.ModelForm, change: bool
    ) -> None:
        invitation, _ = invite(
            email=obj.email,
            cohort=obj.cohort,
            invited_by=request.user,
            expires_at=obj.expires_at,
        )
        obj.pk = invitation.pk


@admin.register(Departure)
class DepartureAdmin(ReadOnlyAdmin):
    """To be looked at: a membership is ended on its own page, which asks for a reason."""

    fields = ["artist", "kind", "by", "reason", "ends_at", "erase_at", "undone_at", "erased_at"]
    list_display = ["artist", "kind", "by", "ends_at", "erase_at", "undone_at", "erased_at"]
    list_filter = ["kind"]
    list_select_related = ["artist", "by"]


@admin.register(Cohort)
class CohortAdmin(PausableAdmin, AuditedAdmin):
    pause_slug = "cohort"
    list_display = ["name", "artist_day_credits", "artist_month_credits", "artist_total_credits"]
    search_fields = ["name"]


@admin.register(Limit)
class LimitAdmin(ReadOnlyAdmin):
    """To be looked at: limits are set on the page of quotas, which asks for a reason."""

    fields = ["cohort", "artist", "token", "period", "unit", "ceiling", "granted_by", "ended_at"]
    list_display = ["cohort", "artist", "token", "period", "unit", "ceiling", "ended_at"]
    list_filter = ["period", "unit", "cohort", "granted_by"]
    list_select_related = ["cohort", "artist", "token"]


@admin.register(Token)
class TokenAdmin(PausableAdmin, ReadOnlyAdmin):
    pause_slug = "token"
    fields = [
        *("artist", "name", "hint", "scopes", "networks", "requests_per_minute", "created_at"),
        *("expires_at", "last_used_at", "last_used_from", "last_used_by", "revoked_at"),
    ]
    list_display = ["name", "hint", "artist", "expires_at", "last_used_at", "revoked_at"]
    search_fields = ["artist__email", "hint"]
    actions = ["revoke_tokens"]

    @admin.action(description="Revoke the selected tokens", permissions=["revoke"])
    def revoke_tokens(self, request: ArtistRequest, tokens: QuerySet[Token]) -> None:
        revoked = sum(revoke(token, by=request.user) for token in tokens)
        self.message_user(request, f"Revoked: {revoked}")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("artists.change_token")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "window", "ceiling", "held", "spent", "by", "reason"]
    list_filter = ["kind"]
    list_select_related = ["window", "by"]
