"""The cohorts, for managers: dates, places used, what is granted, which video models."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from artists.access.guards import with_permission
from artists.models import Cohort
from artists.requests import ArtistRequest
from generations.cohorts.forms import CohortForm
from generations.cohorts.services import save_cohort
from portal.forms import RefusalsShownIn, sent, status_of
from portal.paging import cut

PAGE_SIZE = 50

managers_only = with_permission("artists.change_cohort")


@require_safe
@managers_only
def cohorts(request: ArtistRequest) -> HttpResponse:
    """By name; the page after begins after the last name of this one."""
    found = Cohort.objects.with_places_used().prefetch_related("video_models")
    if after := request.GET.get("after", "").replace("\0", ""):
        found = found.filter(name__gt=after)
    page, has_more = cut(found.order_by("name"), size=PAGE_SIZE)
    facts = {"page": page, "next_cursor": page[-1].name if has_more else ""}
    return render(request, "generations/cohorts.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def cohort(request: ArtistRequest, cohort_id: int | None = None) -> HttpResponse:
    """Make a cohort, or change one."""
    with_places = Cohort.objects.with_places_used()
    found = get_object_or_404(with_places, pk=cohort_id) if cohort_id else Cohort()
    name = str(found)
    form = CohortForm(sent(request), instance=found)
    if form.is_valid():
        with RefusalsShownIn(form):
            save_cohort(
                form.instance,
                video_models=form.cleaned_data["video_models"],
                by=request.user,
                changes=form.changes,
            )
            messages.success(request, f"“{found}” is saved.")
            return redirect("generations:cohorts")
    facts = {"form": form, "cohort": found, "name": name}
    return render(request, "generations/cohort.html", facts, status=status_of(form))
