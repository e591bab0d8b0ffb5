"""The administration, of which every change stands in the audit trail."""

import json
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from portal.audit import record

SECRETS = ("password", "sha256")


class GuardedAdmin(admin.ModelAdmin):
    """The administration's pages cannot be filtered by a secret, letter by letter."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        if any(secret in lookup for secret in SECRETS):
            return False
        return super().lookup_allowed(lookup, value, request)


class PlainDecoder(json.JSONDecoder):
    """Reads JSON that can be written down again: not too deep, no NaN, no half pairs."""

    def decode(self, s: str, *args: Any) -> Any:
        try:
            read = super().decode(s, *args)
            json.dumps(read, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError) as exc:
            raise json.JSONDecodeError("It cannot be kept", s, 0) from exc
        return read


class AuditedAdmin(GuardedAdmin):
    """Writes what changed, in the row and in its inline rows, into the audit trail.

    Nothing is deleted here but inline rows.
    """

    formfield_overrides: ClassVar[dict[Any, Any]] = {models.JSONField: {"decoder": PlainDecoder}}

    def save_model(
        self, request: Any, obj: models.Model, form: forms.ModelForm, change: bool
    ) -> None:
        self.write(request, obj, form, change=change)

    def write(self, request: Any, obj: Any, form: forms.ModelForm, *, change: bool) -> None:
        obj.save()

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        row: models.Model = form.instance
        facts = _before_and_after(form) if change else _values(form)
        for formset in formsets:
            if rows := _changed_rows(formset):
                facts[formset.model._meta.model_name] = rows
        verb = f"{row._meta.model_name}.{'changed' if change else 'made'}"
        record(verb, actor=request.user, subject=row, facts=facts)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def _values(form: forms.ModelForm) -> dict[str, Any]:
    return {name: _fact(form.cleaned_data[name]) for name in form.changed_data}


def _before_and_after(form: forms.ModelForm) -> dict[str, Any]:
    """Return what the fields that were changed held, and what they hold now."""
    names = form.changed_data
    was = {name: form.get_initial_for_field(form.fields[name], name) for name in names}
    return {"before": {name: _fact(value) for name, value in was.items()}, "after": _values(form)}


def _changed_rows(formset: forms.BaseInlineFormSet) -> list[dict[str, Any]]:
    """Return the whole of each inline row that was made, changed or removed.

    Of one that was changed, what was different is there too, as `before`.
    """
    changes = []
    for form in formset.forms:
        if form in formset.deleted_forms:
            change = "removed"
        elif form.has_changed():
            change = "changed" if form in formset.initial_forms else "made"
        else:
            continue
        unsaid = {formset.fk.name, form._meta.model._meta.pk.name, "DELETE"}
        values = {k: _fact(v) for k, v in form.cleaned_data.items() if k not in unsaid}
        if change == "changed":
            values["before"] = _before_and_after(form)["before"]
        changes.append({"change": change, **values})
    return changes


def _fact(value: Any) -> Any:
    """Return what the trail may keep of a value: of another row its key, not its name."""
    match value:
        case models.Model():
            return value.pk
        case models.QuerySet():
            return [row.pk for row in value]
        case None | bool() | int():
            return value
        case list():
            return [_fact(one) for one in value]
    return str(value)
