"""The managers' page of invitations: who is asked in, by whom, and what became of it."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import with_permission
from artists.admissions import services
from artists.admissions.csv_file import Import, invite_from
from artists.admissions.forms import CsvForm, InvitationFilterForm, InvitationForm
from artists.models import Cohort, Invitation
from artists.requests import ArtistRequest
from portal.exporting import csv_response
from portal.forms import RefusalsShownIn, sent, status_of
from portal.paging import newest_first

PAGE_SIZE = 50
BAD_LINES_SHOWN = 100
HEADINGS = ["email", "cohort", "state", "uses", "limit", "invited by", "made", "expires", "joined"]

managers_only = with_permission("artists.invite_artist")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@sensitive_variables("secret", "new_link")
def invitations(request: ArtistRequest) -> HttpResponse:
    """The list; a POST invites one. A link without an address is shown in its answer alone."""
    form = InvitationForm(sent(request))
    new_link = ""
    if form.is_valid():
        given = form.cleaned_data
        with RefusalsShownIn(form):
            invitation, secret = services.invite(
                email=given["email"],
                cohort=given["cohort"],
                invited_by=request.user,
                expires_at=form.expires_at,
                max_uses=given["max_uses"],
            )
            if invitation.email:
                messages.success(request, f"Invited: {invitation.email}. The letter is on its way.")
                return redirect("artists:invitations")
            new_link, form = services.link(secret), InvitationForm()
    return _show(request, form=form, new_link=new_link)


@require_POST
@managers_only
def invite_many(request: ArtistRequest) -> HttpResponse:
    """Invite from a file, and say what became of each line that invited nobody."""
    form = CsvForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        with RefusalsShownIn(form):
            done = invite_from(
                given["file"],
                cohort=given["cohort"],
                by=request.user,
                expires_in_days=given["expires_in_days"],
            )
            return _show(request, done=done, cohort=given["cohort"])
    return _show(request, csv_form=form)


@require_POST
@managers_only
def resend(request: ArtistRequest, invitation_id: int) -> HttpResponse:
    invitation = _find(invitation_id)
    services.resend(invitation=invitation, by=request.user)
    messages.success(request, f"Sent again to {invitation.email}. The old link ends.")
    return redirect("artists:invitations")


@require_POST
@managers_only
def revoke(request: ArtistRequest, invitation_id: int) -> HttpResponse:
    services.revoke(invitation=_find(invitation_id), by=request.user)
    messages.success(request, "Revoked. The link does not work any more.")
    return redirect("artists:invitations")


@require_safe
@managers_only
def export(request: ArtistRequest) -> StreamingHttpResponse:
    """The invitations that the filters leave, as CSV."""
    found = InvitationFilterForm(request.GET).apply(Invitation.objects.all())
    listed = found.select_related("cohort", "invited_by").order_by("-pk")
    rows = _export_rows(listed.prefetch_related("redemptions__artist").iterator(chunk_size=500))
    return csv_response(rows, headings=HEADINGS, filename="invitations.csv")


def _export_rows(listed: Iterator[Invitation]) -> Iterator[list[object]]:
    for one in listed:
        joined = ", ".join(use.artist.email for use in one.redemptions.all())
        made, expires = one.created_at.isoformat(), one.expires_at.isoformat()
        by = one.invited_by.email if one.invited_by else "command line"
        state = one.state.label
        yield [one.email, one.cohort, state, one.uses, one.max_uses, by, made, expires, joined]


def _find(invitation_id: int) -> Invitation:
    return get_object_or_404(Invitation.objects.select_related("cohort"), pk=invitation_id)


def _show(
    request: ArtistRequest,
    *,
    form: InvitationForm | None = None,
    csv_form: CsvForm | None = None,
    done: Import | None = None,
    cohort: Cohort | None = None,
    new_link: str = "",
) -> HttpResponse:
    filters = InvitationFilterForm(request.GET)
    found = filters.apply(Invitation.objects.all())
    after = request.GET.get("after", "")
    listed = found.select_related("cohort", "invited_by", "application")
    page = newest_first(listed.prefetch_related("redemptions__artist"), after=after, size=PAGE_SIZE)
    asked = request.GET.copy()
    asked.pop("after", None)
    facts = {
        "new_link": new_link,
        "filters": filters,
        "page": page.items,
        "next_cursor": page.next_cursor,
        "querystring": asked.urlencode(),
        "form": form or InvitationForm(),
        "csv_form": csv_form or CsvForm(),
        "done": done,
        "cohort": cohort,
        "bad_lines": done.bad_lines[:BAD_LINES_SHOWN] if done else [],
        "more_bad_lines": max(len(done.bad_lines) - BAD_LINES_SHOWN, 0) if done else 0,
    }
    if "HX-Request" in request.headers and after:
        return render(request, "artists/_invitations_page.html", facts)
    return render(request, "artists/invitations.html", facts, status=status_of(form, csv_form))
