"""What a manager sets up in the administration: video models and their rates. It is audited."""

from django.contrib import admin

from generations.models import Rate, VideoModel
from portal.administration import AuditedAdmin


class RateInline(admin.TabularInline):
    model = Rate
    extra = 1


@admin.register(VideoModel)
class VideoModelAdmin(AuditedAdmin):
    list_display = ["title", "name", "provider", "concurrency", "is_enabled", "resting_until"]
    prepopulated_fields = {"name": ["title"]}
    inlines = [RateInline]
