"""The person: an artist, who may also be a reviewer or a manager."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class ArtistManager(BaseUserManager["Artist"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Artist":
        if not email:
            raise ValueError("An artist signs in by e-mail: an address is needed.")
        artist = self.model(email=self.normalize_email(email), **fields)
        artist.set_password(password)
        artist.save(using=self._db)
        return artist

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Artist":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Artist":
        return self.get(email__iexact=username)


class Artist(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. Roles are groups: see artists.access.roles."""

    email = models.EmailField(max_length=254)
    credit_name = models.CharField(max_length=80, help_text="The name that share pages show.")
    cohort = models.ForeignKey(
        "artists.Cohort", models.PROTECT, null=True, blank=True, related_name="artists"
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = ArtistManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="artist_email_is_unique")]

    def __str__(self) -> str:
        return self.credit_name or self.email

    def get_short_name(self) -> str:
        return self.credit_name

    def get_full_name(self) -> str:
        return self.credit_name
