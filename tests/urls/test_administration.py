"""The administration opens for managers, and shows nothing to anybody else."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from artists.models import Artist
from artists.roles.services import MANAGER, set_roles
from tests.urls.table import ROUTES

ADMINISTRATION = sorted(name for name in ROUTES if name.startswith("admin:"))
UNNAMED = "admin:None"  # whatever else is asked for below /admin/


def administration_address(name: str) -> str:
    """The address of a page of the administration, of Ada's or the first row where it needs one."""
    if name == UNNAMED:
        return "/admin/nothing-here/"
    if name == "admin:app_list":
        return reverse(name, args=["artists"])
    if name == "admin:view_on_site":
        return reverse(name, args=[1, 1])
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, args=["1"])


@pytest.mark.parametrize("role", ["visitor", "stranger", "reviewer"])
def test_the_administration_shows_nothing_to_those_who_do_not_manage(
    client: Client, role: str, make_artist: Callable[..., Artist]
) -> None:
    """I7: of all its pages none answers 200, by one rule for those that are yet to come."""
    if role != "visitor":
        client.force_login(make_artist("Sam", role=role.replace("stranger", "")))

    answers = {
        name: client.get(administration_address(name)).status_code for name in ADMINISTRATION
    }

    shut = {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
    assert answers
    assert {name: status for name, status in answers.items() if status not in shut} == {}


def test_the_administration_opens_for_managers(client: Client, manager: Artist) -> None:
    set_roles(manager, [MANAGER], by=None)
    client.force_login(manager)
    models = [model._meta for model in admin.site._registry]
    may_be_seen = {
        model: manager.has_perm(f"{model.app_label}.view_{model.model_name}") for model in models
    }

    answers = {
        model: client.get(reverse(f"admin:{model.app_label}_{model.model_name}_changelist"))
        for model in models
    }

    assert client.get(reverse("admin:index")).status_code == HTTPStatus.OK
    assert sum(may_be_seen.values()) >= 5
    assert {model: answer.status_code for model, answer in answers.items()} == {
        model: HTTPStatus.OK if seen else HTTPStatus.FORBIDDEN
        for model, seen in may_be_seen.items()
    }
