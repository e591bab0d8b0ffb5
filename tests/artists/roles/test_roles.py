"""Roles are groups whose permissions stand in the code."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from artists.roles.services import MANAGER, PERMISSIONS, REVIEWER, set_roles
from portal.audit import Event


def permissions_of(role: str) -> set[str]:
    names = Group.objects.get(name=role).permissions
    return {
        f"{p.content_type.app_label}.{p.codename}" for p in names.select_related("content_type")
    }


@pytest.mark.parametrize("role", [REVIEWER, MANAGER])
def test_a_role_has_exactly_its_permissions(db, role):
    assert permissions_of(role) == PERMISSIONS[role]


@pytest.mark.django_db(transaction=True)
def test_the_roles_stand_again_after_a_flush():
    call_command("flush", interactive=False)

    assert permissions_of(MANAGER) == PERMISSIONS[MANAGER]


def test_everybody_may_what_their_role_may_and_no_more(artist, reviewer, manager):
    may = {
        person: {
            name
            for name in ("generations.review_submission", "generations.take_down_share")
            if person.has_perm(name)
        }
        for person in (artist, reviewer, manager)
    }

    assert may == {
        artist: set(),
        reviewer: {"generations.review_submission"},
        manager: {"generations.review_submission", "generations.take_down_share"},
    }


def test_a_change_of_roles_stands_in_the_trail(reviewer, manager):
    """I10"""
    set_roles(reviewer, {MANAGER}, by=manager)

    events = [(e.verb, e.actor_id, e.subject_id, e.facts["role"]) for e in Event.objects.all()]
    assert events == [
        ("role.given", manager.pk, str(reviewer.pk), MANAGER),
        ("role.taken", manager.pk, str(reviewer.pk), REVIEWER),
    ]
    assert list(reviewer.groups.values_list("name", flat=True)) == [MANAGER]


def test_only_a_manager_may_enter_the_administration(artist):
    set_roles(artist, {MANAGER}, by=None)
    assert artist.is_staff

    set_roles(artist, set(), by=None)
    artist.refresh_from_db()
    assert not artist.is_staff


def test_the_same_roles_again_change_nothing(reviewer):
    set_roles(reviewer, {REVIEWER}, by=None)

    assert not Event.objects.exists()
