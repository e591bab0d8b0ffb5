"""The client of each account; settings.PROVIDER_APIS says which code speaks which API."""

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from generations.providers.base import Account, Provider


@cache
def provider_named(name: str) -> Provider:
    """The client of one entry of settings.PROVIDERS; one a process."""
    entry = dict(settings.PROVIDERS[name])
    api = import_string(settings.PROVIDER_APIS[entry.pop("api")])
    account = Account(name=name, **entry)
    provider: Provider = api(account)
    return provider


def stoppable_providers() -> set[str]:
    """Names of the providers that can stop a job which they work on."""
    return {name for name in settings.PROVIDERS if provider_named(name).can_cancel}


def stop_billing_providers() -> set[str]:
    """Names of those that bill what they are stopped in."""
    return {name for name in stoppable_providers() if provider_named(name).bills_stopped}


def _forget(setting: str, **kwargs: object) -> None:
    if setting == "PROVIDERS":
        provider_named.cache_clear()


setting_changed.connect(_forget)
