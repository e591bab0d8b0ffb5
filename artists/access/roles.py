"""Roles are groups whose permissions stand here, the same in every database."""

from collections.abc import Collection
from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as global_apps
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from artists.models import Artist
from portal.audit import record

REVIEWER = "reviewer"
MANAGER = "manager"

REVIEWING = {"generations.review_submission"}
MANAGING = REVIEWING | {
    "portal.view_event",
    "generations.take_down_share",
    "generations.settle_attempt",
    "generations.view_videomodel",
    "generations.add_videomodel",
    "generations.change_videomodel",
    "generations.view_rate",
    "generations.add_rate",
    "generations.change_rate",
    "generations.delete_rate",
    "artists.invite_artist",
    "artists.publish_terms",
    "artists.view_invitation",
    "artists.view_artist",
    "artists.change_artist",
    "artists.view_cohort",
    "artists.add_cohort",
    "artists.change_cohort",
    "artists.view_limit",
    "artists.add_limit",
    "artists.change_limit",
    "artists.view_ledgerentry",
    "artists.view_pause",
    "artists.add_pause",
    "artists.change_pause",
    "artists.view_token",
    "artists.change_token",
}
PERMISSIONS = {REVIEWER: REVIEWING, MANAGER: MANAGING}


def ensure_roles(*, using: str, apps: Apps = global_apps, **signal: Any) -> None:
    """Make the groups and give them their permissions, after a migration or a flush."""
    try:
        groups = apps.get_model("auth", "Group").objects.using(using)
        permissions = apps.get_model("auth", "Permission").objects.using(using)
    except LookupError:  # migrated back to before there were groups
        return
    for role, names in PERMISSIONS.items():
        wanted = Q()
        for app_label, _, codename in (name.partition(".") for name in names):
            wanted |= Q(content_type__app_label=app_label, codename=codename)
        group, _ = groups.get_or_create(name=role)
        group.permissions.set(permissions.filter(wanted))


@transaction.atomic
def set_roles(artist: Artist, roles: Collection[str], *, by: Artist | None) -> None:
    """Give an artist exactly these roles. A manager may enter the administration, others not.

    `by` is None for somebody at the command line.
    """
    held = set(artist.groups.filter(name__in=PERMISSIONS).values_list("name", flat=True))
    wanted = set(roles)
    artist.groups.add(*Group.objects.filter(name__in=wanted - held))
    artist.groups.remove(*Group.objects.filter(name__in=held - wanted))
    artist.is_staff = artist.is_superuser or MANAGER in wanted
    artist.save(update_fields=["is_staff"])
    for role in sorted(wanted - held):
        record("role.given", actor=by, subject=artist, facts={"role": role})
    for role in sorted(held - wanted):
        record("role.taken", actor=by, subject=artist, facts={"role": role})
