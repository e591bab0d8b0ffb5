from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GenerationsConfig(AppConfig):
    name = "generations"
    verbose_name = "Generations"

    def ready(self) -> None:
        from generations.grounds.first_list import publish_first_list
        from generations.judging.triggers import ensure_triggers
        from generations.media.credentials import checks  # noqa: F401  (it registers itself)
        from generations.promise.first import make_first_promise

        post_migrate.connect(publish_first_list, sender=self)
        post_migrate.connect(make_first_promise, sender=self)
        post_migrate.connect(ensure_triggers, sender=self)
