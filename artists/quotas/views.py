"""The managers' page of quotas: what is granted, held and spent, and changing it with a reason."""

import heapq
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from artists.access.guards import with_permission
from artists.models import LedgerCheck, LedgerEntry, Limit, Raise, Window
from artists.quotas import ceilings, spending
from artists.quotas.errors import ReasonNeeded
from artists.quotas.forms import CeilingForm, RaiseForm, ReasonForm, say_limit
from artists.quotas.scopes import Scope, read_scope, scope_of, search
from artists.quotas.windows import read_windows
from artists.requests import ArtistRequest
from portal.day_plots import draw
from portal.forms import status_of
from portal.money import say_money
from portal.texts import words_looked_for

MAY_SET = "artists.change_limit"
CHANGES_SHOWN = 10
ENTRIES_SHOWN = 20
CLIPS_SHOWN = 10


@require_safe
@with_permission(MAY_SET)
def quotas(request: ArtistRequest, scope: str) -> HttpResponse:
    return _show(request, read_scope(scope))


@require_POST
@with_permission(MAY_SET)
def set_ceiling(request: ArtistRequest, scope: str) -> HttpResponse:
    found = read_scope(scope)
    form = CeilingForm(found, request.POST)
    if not form.is_valid():
        return _show(request, found, set_form=form)
    given = form.cleaned_data
    ceilings.grant(given["limit"], amount=given["amount"], by=request.user, reason=given["reason"])
    messages.success(request, f"The ceiling is set: {say_limit(given['limit'])}.")
    return redirect(found)


@require_POST
@with_permission(MAY_SET)
def raise_limit(request: ArtistRequest, scope: str) -> HttpResponse:
    found = read_scope(scope)
    form = RaiseForm(found, request.POST)
    if not form.is_valid():
        return _show(request, found, raise_form=form)
    ceilings.raise_for_a_time(**form.cleaned_data, by=request.user)
    messages.success(request, "Raised. It ends by itself.")
    return redirect(found)


@require_POST
@with_permission(MAY_SET)
def end_limit(request: ArtistRequest, limit_id: int) -> HttpResponse:
    limit = get_object_or_404(Limit.objects.standing().filter(token=None), pk=limit_id)
    ceilings.end(limit, by=request.user, reason=_reason(request))
    messages.success(request, "This limit binds nobody any more.")
    return redirect(scope_of(limit))


@require_POST
@with_permission(MAY_SET)
def end_raise(request: ArtistRequest, raise_id: int) -> HttpResponse:
    raised = get_object_or_404(Raise.objects.select_related("limit"), pk=raise_id)
    ceilings.end_raise(raised, by=request.user, reason=_reason(request))
    messages.success(request, "The raise has ended.")
    return redirect(scope_of(raised.limit))


@require_POST
@with_permission(MAY_SET)
def undo(request: ArtistRequest, entry_id: int) -> HttpResponse:
    entries = LedgerEntry.objects.filter(by__isnull=False, window__limit__token=None)
    entry = get_object_or_404(entries.select_related("window__limit"), pk=entry_id)
    ceilings.undo(entry, by=request.user)
    messages.success(request, "Undone, by an entry the opposite way.")
    return redirect(scope_of(entry.window.limit))


def _reason(request: ArtistRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise ReasonNeeded
    reason: str = form.cleaned_data["reason"]
    return reason


def _show(
    request: ArtistRequest,
    scope: Scope,
    *,
    set_form: CeilingForm | None = None,
    raise_form: RaiseForm | None = None,
) -> HttpResponse:
    asked = words_looked_for(request)
    context = {
        "scope": scope,
        "asked": asked,
        "found": search(asked) if asked else [],
        "set_form": set_form or CeilingForm(scope),
        "raise_form": raise_form or RaiseForm(scope),
        "reason_form": ReasonForm(),
        "check": LedgerCheck.last(),
        "currency": settings.CURRENCY,
    }
    figures = _limits(scope) | _spending(scope)
    return render(
        request, "artists/quotas.html", context | figures, status=status_of(set_form, raise_form)
    )


def _limits(scope: Scope) -> dict[str, Any]:
    """The meters, the raises and the entries; of each kind a few, so that no page grows."""
    limits = [*scope.limits.standing(), *scope.token_limits.select_related("token")]
    windows = read_windows(limits)
    windows.sort(key=lambda one: (bool(one.limit.token_id), one.limit.is_money, one.limit.pk))
    return {
        "windows": windows,
        "raises": list(scope.raises),
        "changes": [_change(one) for one in scope.changes[:CHANGES_SHOWN]],
        "entries": _last_entries([one for one in windows if not one.limit.token_id]),
    }


def _last_entries(windows: list[Window]) -> list[LedgerEntry]:
    """The last entries of a few windows: each window's are a slice of its index, however many."""
    entries: list[LedgerEntry] = []
    for window in windows:
        if window.pk:
            found = LedgerEntry.objects.filter(window=window.pk).order_by("-pk")[:ENTRIES_SHOWN]
            for entry in found:
                entry.window = window
                entries.append(entry)
    return heapq.nlargest(ENTRIES_SHOWN, entries, key=lambda entry: entry.pk)


def _change(entry: LedgerEntry) -> dict[str, Any]:
    """A change with a reason, and whether it can be undone: it is somebody's, and holds yet."""
    limit = entry.window.limit
    may_undo = (
        entry.by_id is not None and entry.still_holds_for(limit) and not hasattr(entry, "undone_by")
    )
    return {"entry": entry, "limit": limit, "name": say_limit(limit), "may_undo": may_undo}


def _spending(scope: Scope) -> dict[str, Any]:
    days = spending.by_day(scope.reservations)
    clips = scope.reservations.select_related("artist").order_by("-pk")
    return {
        "days": [day for day in days if day.credits or day.money],
        "credits_plot": draw(days, lambda day: day.credits, lambda credits: f"{credits:,} credits"),
        "money_plot": draw(days, lambda day: day.money, say_money),
        "excess": spending.excess_of(scope.reservations),
        "clips": clips[:CLIPS_SHOWN],
    }
