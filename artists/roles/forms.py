from typing import Any

from django import forms
from django.contrib.auth.models import Permission

from artists.models import Artist
from artists.roles.services import MANAGING, PERMISSIONS, may


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
    rows = Permission.objects.select_related("content_type").order_by("name")
    named = [(f"{row.content_type.app_label}.{row.codename}", row.name) for row in rows]
    return [
        (name, words.removeprefix("Can ").capitalize()) for name, words in named if name in MANAGING
    ]
