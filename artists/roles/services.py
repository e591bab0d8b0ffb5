"""Roles are groups: who holds one, and what it may do.

What each may do by default stands here; a manager may change it.
"""

from collections.abc import Collection
from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as global_apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from artists.access.errors import LastManager, MoreThanOwn, OwnRole
from artists.models import Artist
from portal.audit import record

REVIEWER = "reviewer"
MANAGER = "manager"

REVIEWING = {"generations.review_submission", "artists.read_application"}
MANAGING = REVIEWING | {
    "portal.view_event",
    "generations.view_dashboard",
    "generations.take_down_share",
    "generations.decide_escalated",
    "generations.change_grounds",
    "generations.settle_attempt",
    "generations.set_promise",
    "generations.change_checkrule",
    "generations.view_filescheck",
    "generations.view_videomodel",
    "generations.add_videomodel",
    "generations.change_videomodel",
    "generations.view_rate",
    "generations.add_rate",
    "generations.change_rate",
    "generations.delete_rate",
    "artists.give_roles",
    "artists.decide_application",
    "artists.change_round",
    "artists.change_lettertemplate",
    "artists.invite_artist",
    "artists.publish_terms",
    "artists.view_invitation",
    "artists.view_artist",
    "artists.change_artist",
    "artists.end_membership",
    "artists.view_departure",
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
    """Make the groups and give them their default permissions, after a migration or a flush.

    Each default is given once, so that one that a manager took away stays away.
    """
    try:
        defaults = apps.get_model("artists", "RoleDefault").objects.using(using)
        groups = apps.get_model("auth", "Group").objects.using(using)
        permissions = apps.get_model("auth", "Permission").objects.using(using)
    except LookupError:  # migrated back to before there were groups
        return
    found = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in permissions.select_related("content_type")
    }
    for role, names in PERMISSIONS.items():
        group, _ = groups.get_or_create(name=role)
        given = set(defaults.filter(role=role).values_list("permission", flat=True))
        added = sorted((names - given) & found.keys())
        group.permissions.add(*(found[name] for name in added))
        defaults.bulk_create([defaults.model(role=role, permission=name) for name in added])


def may(role: str) -> set[str]:
    """Return the permissions that a role holds now, as has_perm names them."""
    rows = Permission.objects.filter(group__name=role)
    return {
        f"{app}.{name}" for app, name in rows.values_list("content_type__app_label", "codename")
    }


@transaction.atomic
def set_roles(artist: Artist, roles: Collection[str], *, by: Artist | None) -> None:
    """Give an artist exactly these roles. A manager may enter the administration, others not.

    `by` is None for somebody at the command line, whom nothing is refused. Raises OwnRole for one
    that somebody would give themselves, MoreThanOwn for one that may do what the giver may not,
    and LastManager where nobody would be left to manage the programme.
    """
    _lock_roles()
    held = set(artist.groups.filter(name__in=PERMISSIONS).values_list("name", flat=True))
    wanted = set(roles)
    if by is not None:
        _ensure_may_set(artist, given=wanted - held, taken=held - wanted, by=by)
    artist.groups.add(*Group.objects.filter(name__in=wanted - held))
    artist.groups.remove(*Group.objects.filter(name__in=held - wanted))
    artist.is_staff = artist.is_superuser or MANAGER in wanted
    artist.save(update_fields=["is_staff"])
    for role in sorted(wanted - held):
        record("role.given", actor=by, subject=artist, facts={"role": role})
    for role in sorted(held - wanted):
        record("role.taken", actor=by, subject=artist, facts={"role": role})


@transaction.atomic
def set_permissions(role: str, names: Collection[str], *, by: Artist) -> None:
    """Let a role do exactly these things, of those that roles do here.

    Raises OwnRole for a role that `by` holds, MoreThanOwn for what they may not do themselves.
    """
    _lock_roles()
    held = may(role) & MANAGING
    given, taken = set(names) - held, held - set(names)
    if by.groups.filter(name=role).exists():
        raise OwnRole("You hold this role yourself: somebody else says what it may do.")
    if not by.has_perms(given | taken):
        raise MoreThanOwn
    group = Group.objects.get(name=role)
    group.permissions.add(*_permissions(given))
    group.permissions.remove(*_permissions(taken))
    if given or taken:
        facts = {"role": role, "given": sorted(given), "taken": sorted(taken)}
        record("role.changed", actor=by, subject=group, facts=facts)


def ensure_not_last_manager(artist: Artist) -> None:
    """Raise LastManager for a manager besides whom nobody who is still here manages it."""
    _lock_roles()
    if not artist.groups.filter(name=MANAGER).exists():
        return
    if not Artist.objects.in_role(MANAGER).exclude(pk=artist.pk).exists():
        raise LastManager


def _ensure_may_set(artist: Artist, *, given: set[str], taken: set[str], by: Artist) -> None:
    if given and artist.pk == by.pk:
        raise OwnRole
    is_own = artist.pk == by.pk  # to give a role back takes no right
    if not is_own and not all(by.has_perms(may(role)) for role in given | taken):
        raise MoreThanOwn
    if MANAGER in taken:
        ensure_not_last_manager(artist)


def _lock_roles() -> None:
    """Let one transaction at a time change who may do what."""
    list(Group.objects.select_for_update().filter(name__in=PERMISSIONS).order_by("pk"))


def _permissions(names: Collection[str]) -> list[Permission]:
    wanted = Q(pk__in=[])
    for app_label, _, codename in (name.partition(".") for name in names):
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    return list(Permission.objects.filter(wanted))
