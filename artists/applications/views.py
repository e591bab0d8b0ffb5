"""Reading applications, scoring them, deciding."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from artists.access.guards import with_permission
from artists.applications import reading
from artists.applications.deciding import LETTERS, Verdict, decide_all
from artists.applications.doubles import doubles_of
from artists.applications.forms import FilterForm, ScoreForm, VerdictForm
from artists.applications.listing import ORDERS, page_after, with_figures
from artists.letters.preview import preview_letters
from artists.models import Application
from artists.models.application import ApplicationQuerySet
from artists.requests import ArtistRequest
from portal.exporting import csv_response
from portal.forms import status_of

PREVIEWS_SHOWN = 3
HEADINGS = ["name", "email", "round", "state", "mean", "readers", "country", "time zone"]
HEADINGS += ["disciplines", "links", "would make", "statement", "heard from", "sent"]

readers_only = with_permission("artists.read_application")
deciders_only = with_permission("artists.decide_application")


@require_safe
@readers_only
def applications(request: ArtistRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    found = form.apply(with_figures(_readable(request), reader=request.user))
    order = ORDERS[form.chosen_order]
    page = page_after(
        found.select_related("round"), order=order, cursor=request.GET.get("after", "")
    )
    doubles = doubles_of(page.items)
    asked = request.GET.copy()
    asked.pop("after", None)
    facts = {
        "form": form,
        "page": page,
        "rows": [(one, doubles[one.pk]) for one in page.items],
        "querystring": asked.urlencode(),
        "verdicts": Verdict,
    }
    is_part = "HX-Request" in request.headers and "after" in request.GET
    name = "_applications_page.html" if is_part else "applications.html"
    return render(request, f"artists/{name}", facts)


@require_safe
@deciders_only
def export(request: ArtistRequest) -> StreamingHttpResponse:
    """The applications that the filters leave, as CSV."""
    found = FilterForm(request.GET).apply(with_figures(_readable(request), reader=request.user))
    listed = found.select_related("round").prefetch_related("links").order_by("-pk")
    rows = (_export_row(one) for one in listed.iterator(chunk_size=500))
    return csv_response(rows, headings=HEADINGS, filename="applications.csv")


@require_safe
@readers_only
def show_application(request: ArtistRequest, application_id: UUID) -> HttpResponse:
    return _show(request, _find(request, application_id))


@require_POST
@readers_only
def score(request: ArtistRequest, application_id: UUID) -> HttpResponse:
    found = _find(request, application_id)
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form=form)
    reading.score(application=found, reader=request.user, scores=form.scores)
    messages.success(request, f"Your scores for {found} are kept.")
    return redirect("artists:application", found.pk)


@require_POST
@deciders_only
def decide(request: ArtistRequest) -> HttpResponse:
    """Show the letters that a decision sends; confirmed there, make it and send them."""
    form = VerdictForm(request.POST, decidable=_readable(request))
    if not form.is_valid() or not form.cleaned_data["application"]:
        messages.error(request, _complaint(form))
        return redirect("artists:applications")
    chosen, verdict = form.cleaned_data["application"], form.chosen_verdict
    note = form.cleaned_data["note"]
    if "confirmed" not in request.POST:
        shown = preview_letters(LETTERS[verdict], chosen[:PREVIEWS_SHOWN], note=note)
        facts = {"form": form, "chosen": chosen, "verdict": verdict, "letters": shown}
        return render(request, "artists/decide.html", facts)
    outcome = decide_all(chosen, verdict=verdict, by=request.user, note=note)
    if outcome.decided:
        messages.success(
            request, f"{verdict.label}: {outcome.decided}. The letters are on their way."
        )
    for refused, refusal in outcome.refused:
        messages.error(request, f"{refused}: {refusal.message}")
    if len(chosen) == 1:
        return redirect("artists:application", chosen[0].pk)
    return redirect("artists:applications")


def _export_row(application: Any) -> list[object]:
    """`application` has the figures of with_figures."""
    return [
        application.name,
        application.email,
        application.round,
        application.get_state_display(),
        application.mean_hundredths / 100,
        application.readers,
        application.country,
        application.time_zone,
        application.disciplines,
        " ".join(link.url for link in application.links.all()),
        application.would_make,
        application.statement,
        application.heard_from,
        application.created_at.isoformat(),
    ]


def _complaint(form: VerdictForm) -> str:
    for errors in form.errors.get_json_data().values():
        if errors[0]["code"] != "required":
            return str(errors[0]["message"])
    return "Choose at least one application."


def _readable(request: ArtistRequest) -> ApplicationQuerySet:
    return Application.objects.readable_by(request.user)


def _find(request: ArtistRequest, application_id: UUID) -> Application:
    found = _readable(request).select_related("round__cohort", "decided_by", "invitation")
    return get_object_or_404(found, pk=application_id)


def _show(
    request: ArtistRequest, found: Application, *, form: ScoreForm | None = None
) -> HttpResponse:
    """One application. What others think is shown once one has said what one thinks oneself."""
    readings = reading.readings_of(found)
    own = next((one for one in readings if one.reader == request.user), None)
    may_see = own is not None or request.user.has_perm("artists.decide_application")
    facts: dict[str, Any] = {
        "application": found,
        "form": form or ScoreForm(scores=own.scores if own else ()),
        "own": own,
        "readings": readings if may_see else [],
        "hidden_readings": 0 if may_see else len(readings),
        "means": reading.means_of(readings) if may_see else {},
        "doubles": doubles_of([found])[found.pk],
        "letters": found.letters.all(),
        "verdicts": [one for one in Verdict if one != found.state],
    }
    return render(request, "artists/application.html", facts, status=status_of(form))
