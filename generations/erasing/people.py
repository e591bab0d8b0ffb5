"""Erasing who somebody was. A field or a table that names a person more gets its line here."""

from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils import timezone

from artists.applications.services import erase
from artists.models import (
    Acceptance,
    Application,
    Artist,
    Departure,
    Invitation,
    LedgerEntry,
    Letter,
    Raise,
    Token,
)
from artists.models.artist import ERASED_DOMAIN
from artists.models.dead_use import DeadUse
from generations.erasing.works import ERASED
from generations.media.storage import discard
from generations.models import ReviewerPreferences

OURS = ("portal", "artists", "generations")
NAME = "Somebody who left"


@transaction.atomic
def erase_person(artist: Artist) -> None:
    """Make an account nobody's: what is left of it says neither who it was nor how to reach them.

    Keys stay, and with them the ledger, the decisions about others and the audit trail.
    """
    names = _names(artist)
    address = f"erased-{artist.pk}{ERASED_DOMAIN}"
    Token.objects.filter(artist=artist).update(name=ERASED)
    _erase_admission(artist, names, address)
    _erase_reasons(artist, names)
    _erase_administration(artist, names)
    _erase_other_apps(artist)
    _erase_uses_of_tokens(artist)
    Acceptance.objects.filter(artist=artist).update(ip_address=None, user_agent="")
    ReviewerPreferences.objects.filter(reviewer=artist).delete()
    artist.groups.clear()
    artist.user_permissions.clear()
    transaction.on_commit(lambda: discard([artist.picture]), robust=True)  # or else the tidying
    Artist.objects.filter(pk=artist.pk).update(**_nobody(address))
    standing = Departure.objects.standing().filter(artist=artist)
    standing.exclude(reason="").update(reason=ERASED)
    now = timezone.now()
    standing.update(erased_at=now, told_at=now, telling_until=None)


def _nobody(address: str) -> dict[str, Any]:
    """The columns of an artist that name somebody, or let them in, as they are when erased."""
    return {
        "email": address,
        "credit_name": NAME,
        "pronouns": "",
        "links": [],
        "picture": "",
        "time_zone": "",
        "password": make_password(None),
        "last_login": None,
        "is_active": False,
        "is_staff": False,
        "is_superuser": False,
    }


def _names(artist: Artist) -> list[str]:
    """The addresses and the name by which the person was known here."""
    addresses = EmailAddress.objects.filter(user=artist).values_list("email", flat=True)
    return [name for name in {artist.email, *addresses, artist.credit_name} if name]


def _erase_admission(artist: Artist, names: list[str], address: str) -> None:
    """Erase how the person came in: an invitation of their own, and what they applied with."""
    applied = Q(invitation__redemptions__artist=artist)
    invited = Q(redemptions__artist=artist) & ~Q(email="")
    for name in names:
        applied |= Q(email__iexact=name)
        invited |= Q(email__iexact=name)
    for application in Application.objects.filter(applied).distinct():
        erase(application)
    invitations = Invitation.objects.filter(pk__in=Invitation.objects.filter(invited).values("pk"))
    Letter.objects.filter(Q(invitation__in=invitations) | Q(artist=artist)).update(note="")
    invitations.update(email=address)


def _erase_reasons(artist: Artist, names: list[str]) -> None:
    """Take the names out of what managers wrote about the artist's limits; amounts stay."""
    own = Q(limit__artist=artist) | Q(limit__token__artist=artist)
    of_windows = Q(window__limit__artist=artist) | Q(window__limit__token__artist=artist)
    rows: list[models.QuerySet[Any]] = [
        Raise.objects.filter(own),
        LedgerEntry.objects.filter(of_windows),
    ]
    for found in rows:
        for name in names:
            named = found.filter(reason__contains=name)
            named.update(reason=Replace(F("reason"), Value(name), Value(NAME)))


def _erase_administration(artist: Artist, names: list[str]) -> None:
    """Django's own log of the administration writes down how a row is called."""
    about = LogEntry.objects.filter(
        content_type__app_label="artists", content_type__model="artist", object_id=str(artist.pk)
    )
    about.update(object_repr=NAME)
    for name in names:
        LogEntry.objects.filter(object_repr__icontains=name).update(object_repr=NAME)


def _erase_uses_of_tokens(artist: Artist) -> None:
    """Erase where programs were and what they called themselves; what they made points at them."""
    DeadUse.objects.of(artist).delete()
    tokens = Token.objects.filter(artist=artist)
    tokens.update(networks=[], last_used_from=None, last_used_by="")


def _erase_other_apps(artist: Artist) -> None:
    """Delete what other packages keep of the person: addresses, second factors, sign-ins."""
    for relation in Artist._meta.related_objects:
        model = relation.related_model
        label = apps.get_app_config(model._meta.app_label).name
        if label not in OURS and relation.on_delete is models.CASCADE and model is not LogEntry:
            model._default_manager.filter(**{relation.field.name: artist}).delete()
