"""Which code speaks which API. A new provider is one file and one line here."""

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed

from generations.providers.base import Provider
from generations.providers.openai_videos import OpenAIVideos

APIS = {"openai_videos": OpenAIVideos}


@cache
def provider_named(name: str) -> Provider:
    """The client of one entry of settings.PROVIDERS; one a process, for its connections."""
    entry = settings.PROVIDERS[name]
    return APIS[entry["api"]](name=name, url=entry["url"], key=entry["key"])


def _forget(setting: str, **kwargs: object) -> None:
    if setting == "PROVIDERS":
        provider_named.cache_clear()


setting_changed.connect(_forget)
