from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ArtistsConfig(AppConfig):
    name = "artists"
    verbose_name = "Artists"

    def ready(self) -> None:
        from artists.access.roles import ensure_roles

        # The last app to be ready for, so that the permissions of every other one stand.
        post_migrate.connect(ensure_roles, sender=apps.get_app_config("auth"))
