"""The person: an artist, who may also be a reviewer or a manager."""

from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    Permission,
    PermissionsMixin,
)
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from artists.models.departure import Departure
from artists.models.file_choices import FileChoices
from artists.models.standing import Standing, TermsStanding


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

    def with_terms(self) -> QuerySet["Artist"]:
        """Artists with how they stand to the terms, read along in the same query."""
        return self.annotate(terms_standing=TermsStanding("pk"))  # type: ignore[no-redef]

    def members(self) -> QuerySet["Artist"]:
        """Those who are here: their account is open, and they have not left."""
        has_left = Exists(Departure.objects.in_force().filter(artist=OuterRef("pk")))
        return self.filter(~has_left, is_active=True)

    def in_role(self, *roles: str) -> QuerySet["Artist"]:
        """The members who hold one of these roles."""
        return self.members().filter(groups__name__in=roles).distinct()

    def holding(self, permission: str) -> QuerySet["Artist"]:
        """Those whom has_perm lets do something now, whichever role or superuser gives it."""
        app_label, _, codename = permission.partition(".")
        named = Permission.objects.filter(content_type__app_label=app_label, codename=codename)
        given = Q(groups__permissions__in=named) | Q(user_permissions__in=named)
        return self.members().filter(given | Q(is_superuser=True)).distinct()

    def get_by_natural_key(self, username: str | None) -> "Artist":
        return self.get(email__iexact=username)


ERASED_DOMAIN = "@erased.invalid"  # of those who left: no mail goes there


class Artist(FileChoices, AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. Roles are groups: see artists.roles."""

    email = models.EmailField(max_length=254)
    credit_name = models.CharField(max_length=80, help_text="The name that share pages show.")
    pronouns = models.CharField(max_length=40, blank=True)
    links = models.JSONField(default=list, blank=True, help_text="https addresses, five at most.")
    picture = models.FileField(
        blank=True, help_text="WebP of 512x512 that artists.accounts.pictures made."
    )
    time_zone = models.CharField(
        max_length=64, blank=True, help_text="IANA name; empty: the programme's."
    )
    mail_decisions = models.BooleanField(default=True)
    mail_webhooks = models.BooleanField(default=True)
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
        permissions = [("give_roles", "Can give and take roles, and say what each may do")]
        constraints = [models.UniqueConstraint(Lower("email"), name="artist_email_is_unique")]

    def __str__(self) -> str:
        return self.credit_name or self.email

    def get_short_name(self) -> str:
        return self.credit_name

    def get_full_name(self) -> str:
        return self.credit_name

    @property
    def quota_scope(self) -> str:
        """Their name in the address of the page of quotas."""
        return f"artist-{self.pk}"

    @cached_property
    def terms_standing(self) -> int:
        """A Standing: of whoever asks for a page `with_terms` has read it, of others it is now."""
        return Artist.objects.with_terms().get(pk=self.pk).terms_standing

    @property
    def owes_terms(self) -> bool:
        """Whether a version in force lacks this person's yes."""
        return self.terms_standing >= Standing.DECLINED

    @property
    def owes_answer(self) -> bool:
        """Whether one lacks even their no."""
        return self.terms_standing == Standing.UNANSWERED

    @property
    def has_terms_ahead(self) -> bool:
        """Whether all that waits for their yes is a version that is not in force yet."""
        return self.terms_standing == Standing.AHEAD

    @cached_property
    def has_left(self) -> bool:
        """Whether the membership is over; of whoever asks for a page the sign-in has read it."""
        return Departure.objects.in_force().filter(artist=self).exists()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """What a role gives ends with the membership, on that day, and comes back with it."""
        return not self.has_left and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return not self.has_left and super().has_module_perms(app_label)

    @property
    def is_erased(self) -> bool:
        return self.email.endswith(ERASED_DOMAIN)
