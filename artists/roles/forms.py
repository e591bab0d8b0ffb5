from typing import Any

from django import forms
from django.contrib.auth.models import Permission

from artists.models import Artist
from artists.roles.services import MANAGING, PERMISSIONS, may

OF_PAGES = {  # what pages of ours ask for, of the permissions that Django makes for each table
    "portal.view_event": "Read the audit trail",
    "artists.add_pause": "Pause, and lift pauses",
    "artists.change_cohort": "Set up cohorts",
    "artists.change_lettertemplate": "Change the words of letters",
    "artists.change_limit": "Set limits, grant credits and raises",
    "artists.change_round": "Hold rounds of applications",
    "artists.view_token": "See where dead tokens were used",
    "generations.change_checkrule": "Write the rules of the checks",
    "generations.view_filescheck": "See whether files and rows agree",
}


class RolesForm(forms.Form):
    """The roles of one person."""

    roles = forms.MultipleChoiceField(
        choices=[(role, role.capitalize()) for role in PERMISSIONS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    @classmethod
    def of(cls, artist: Artist) -> "RolesForm":
        return cls(initial={"roles": [group.name for group in artist.groups.all()]})


class PermissionsForm(forms.Form):
    """What one role may do, of all that roles do here."""

    permissions = forms.MultipleChoiceField(
        label="May", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, role: str, data: Any = None) -> None:
        super().__init__(data, initial={"permissions": sorted(may(role))})
        field: Any = self.fields["permissions"]
        field.choices = permission_choices()


def permission_choices() -> list[tuple[str, str]]:
    """Each permission by its name for has_perm, and in words."""
    rows = Permission.objects.select_related("content_type")
    named = {f"{row.content_type.app_label}.{row.codename}": row.name for row in rows}
    choices = [(name, _in_words(name, named[name])) for name in MANAGING & named.keys()]
    return sorted(choices, key=lambda choice: choice[1])


def _in_words(name: str, django_name: str) -> str:
    """What somebody may do by it: one that Django made for a table is for the administration."""
    if name in OF_PAGES:
        return OF_PAGES[name]
    words = django_name.removeprefix("Can ")
    is_djangos = words.split()[0] in ("view", "add", "change", "delete")
    return f"In the administration: {words}" if is_djangos else words[:1].upper() + words[1:]
