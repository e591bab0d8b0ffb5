"""What a manager sets up in the administration: video models and their rates. It is audited."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet

from artists.access.administration import PausableAdmin
from generations.models import Rate, VideoModel
from generations.providers.registry import provider_named
from portal.administration import AuditedAdmin
from portal.audit import record


class RateInline(admin.TabularInline):
    model = Rate
    extra = 1


class VideoModelForm(forms.ModelForm):
    def clean_extras(self) -> dict[str, Any]:
        """Only what the provider's code knows is sent: never a path on the provider's own disk."""
        extras: dict[str, Any] = self.cleaned_data["extras"] or {}
        provider = self.cleaned_data.get("provider")
        if isinstance(extras, dict) and provider in settings.PROVIDERS:
            known = provider_named(provider).extras
            if unknown := sorted(extras.keys() - known):
                raise forms.ValidationError(
                    f"{provider} takes {', '.join(sorted(known)) or 'no parameters'}; "
                    f"not {', '.join(unknown)}."
                )
        return extras


@admin.register(VideoModel)
class VideoModelAdmin(PausableAdmin, AuditedAdmin):
    pause_slug = "model"
    form = VideoModelForm
    list_display = ["title", "name", "provider", "concurrency", "is_enabled", "resting_until"]
    readonly_fields = ["failures", "rest_seconds", "resting_until"]
    actions = ["end_rest"]
    prepopulated_fields = {"name": ["title"]}
    inlines = [RateInline]

    @admin.action(description="End the rest of the selected video models", permissions=["change"])
    def end_rest(self, request: Any, video_models: QuerySet[VideoModel]) -> None:
        for video_model in video_models:
            VideoModel.objects.note_success(video_model.pk)
            record("videomodel.rest_ended", actor=request.user, subject=video_model)
        self.message_user(request, "They take prompts again.")
