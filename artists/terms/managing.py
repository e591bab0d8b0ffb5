"""What managers do with terms: write, look, publish, and see who accepted."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import with_permission
from artists.models import Terms
from artists.requests import ArtistRequest
from artists.terms import writing
from artists.terms.answers import Answer, counts, people
from artists.terms.difference import compare
from artists.terms.forms import DraftForm, PublishForm, SeenForm
from artists.terms.rendering import to_html
from portal.forms import RefusalsShownIn, status_of
from portal.paging import cut

PEOPLE_SHOWN = 50

managers_only = with_permission("artists.publish_terms")


@require_safe
@managers_only
def manage(request: ArtistRequest) -> HttpResponse:
    versions = list(Terms.objects.annotate(accepted_count=Count("acceptances")))
    in_force = set(Terms.objects.in_force().values_list("pk", flat=True))
    kinds = [
        {
            "kind": kind,
            "draft": next(
                (one for one in versions if one.kind == kind and not one.published_at), None
            ),
            "versions": [one for one in versions if one.kind == kind and one.published_at],
        }
        for kind in Terms.Kind
    ]
    return render(request, "artists/terms/manage.html", {"kinds": kinds, "in_force": in_force})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def write_draft(request: ArtistRequest, kind: str) -> HttpResponse:
    """Write the draft of a kind, and see it as it will be read."""
    found = writing.draft_of(kind)
    if request.method != "POST":
        return _show(request, found)
    form = DraftForm(request.POST)
    if form.is_valid():
        with RefusalsShownIn(form):
            writing.save_draft(found, **form.cleaned_data)
            messages.success(request, "Saved. Nobody but managers sees it.")
            return redirect("artists:draft_terms", kind)
    return _show(request, found, form=form)


@require_POST
@managers_only
def publish(request: ArtistRequest, kind: str) -> HttpResponse:
    found, form = writing.draft_of(kind), PublishForm(request.POST)
    if form.is_valid():
        with RefusalsShownIn(form):
            terms = writing.publish(found, **form.cleaned_data, by=request.user)
            messages.success(request, f"Published: {terms}.")
            return redirect("artists:manage_terms")
    return _show(request, found, publish_form=form)


@require_POST
@managers_only
def discard(request: ArtistRequest, kind: str) -> HttpResponse:
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Http404
    writing.discard_draft(kind, **form.cleaned_data)
    messages.success(request, "The draft is discarded.")
    return redirect("artists:manage_terms")


@require_safe
@managers_only
def answers(request: ArtistRequest, kind: str, version: int) -> HttpResponse:
    """Who accepted a version, who declined it, and whose answer is missing."""
    terms = get_object_or_404(Terms.objects.published(), kind=kind, version=version)
    try:
        answer = Answer(request.GET.get("answer", Answer.ACCEPTED))
        after = int(request.GET.get("after", 0))
    except ValueError as error:
        raise Http404 from error
    found = people(terms, answer).filter(pk__gt=max(min(after, 2**63 - 1), 0))
    rows, has_more = cut(found.select_related("cohort"), size=PEOPLE_SHOWN)
    facts = {
        "terms": terms,
        "rows": rows,
        "answer": answer,
        "counts": counts(terms),
        "next_cursor": rows[-1].pk if has_more else None,
        "is_first": not after,
    }
    return render(request, "artists/terms/answers.html", facts)


def _show(
    request: ArtistRequest,
    draft: Terms,
    *,
    form: DraftForm | None = None,
    publish_form: PublishForm | None = None,
) -> HttpResponse:
    earlier = writing.last_published(draft.kind)
    least = settings.TERMS_NOTICE_DAYS if earlier else 0
    seen = {"seen": draft.sha256}
    facts: dict[str, Any] = {
        "draft": draft,
        "html": to_html(draft.text),
        "earlier": earlier,
        "difference": compare(earlier.text, draft.text) if earlier else None,
        "form": form or DraftForm(initial=seen | {"text": draft.text}),
        "publish_form": publish_form or PublishForm(initial=seen | {"notice_days": least}),
        "least_days": least,
    }
    status = status_of(form, publish_form)
    return render(request, "artists/terms/draft.html", facts, status=status)
