"""The page on which managers set the promise."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from generations.models import Promise
from generations.promise.forms import PromiseForm
from generations.promise.services import set_promise
from generations.promise.words import changes
from portal.forms import RefusalsShownIn, sent, status_of
from portal.paging import cut

VERSIONS_SHOWN = 20

managers_only = with_permission("generations.set_promise")


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def setting(request: ArtistRequest) -> HttpResponse:
    """Set the promise; or, with `preview`, only see what would become of it."""
    in_force = Promise.objects.in_force()
    form = PromiseForm(sent(request), in_force=in_force)
    is_preview = "preview" in request.POST
    if form.is_valid() and not is_preview:
        with RefusalsShownIn(form):
            set_promise(form.promise, seen=form.cleaned_data["seen"], by=request.user)
            messages.success(request, "The promise is set, for whatever is made from now on.")
            return redirect("generations:set_promise")
    asked = form.promise if form.is_valid() else None
    facts = {"preview": _dates(asked or in_force), "is_readable": not form.errors}
    if "HX-Request" in request.headers and is_preview:
        return render(request, "generations/promise/_preview.html", facts)
    facts |= {"form": form, "promise": in_force, **_history()}
    return render(request, "generations/promise/set.html", facts, status=status_of(form))


def _dates(promise: Promise) -> dict[str, Any]:
    """What a promise would make of something that came now."""
    now = timezone.now()
    due_at = promise.due_at(now)
    return {
        "promise": promise,
        "now": now,
        "due_at": due_at,
        "appeal_due_at": promise.appeal_due_at(now),
        "report_due_at": promise.report_due_at(now),
        "new_due_at": promise.new_due_at(due_at),
    }


def _history() -> dict[str, Any]:
    """Versions, the newest first, each with what it changed."""
    found, has_more = cut(Promise.objects.history(), size=VERSIONS_SHOWN)
    before = [*found[1:], None]
    if has_more:
        before[-1] = Promise.objects.get(version=found[-1].version - 1)
    versions = [
        (one, changes(earlier, one) if earlier else [])
        for one, earlier in zip(found, before, strict=True)
    ]
    return {"versions": versions, "has_more_versions": has_more}
