from django.apps import AppConfig, apps
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate


class ArtistsConfig(AppConfig):
    name = "artists"
    verbose_name = "Artists"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_added

        from artists.accounts.factors import note_new_factor
        from artists.accounts.middleware import mark_new
        from artists.accounts.sessions import end_others
        from artists.programs.services import ensure_client
        from artists.roles.services import ensure_roles

        # The last app to be ready for, so that the permissions of every other one stand.
        post_migrate.connect(ensure_roles, sender=apps.get_app_config("auth"))
        post_migrate.connect(ensure_client, sender=apps.get_app_config("allauth_idp_oidc"))
        authenticator_added.connect(note_new_factor)
        user_logged_in.connect(mark_new)
        for signal in (password_changed, password_set, password_reset):
            signal.connect(end_others)
