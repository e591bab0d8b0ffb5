"""The audit trail, for managers: who did what, on what, when, from where."""

import json

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from artists.trail.exporting import FORMATS
from artists.trail.forms import TrailForm, recent_verbs
from artists.trail.subjects import places_of
from portal.audit import Event
from portal.forms import status_of
from portal.paging import newest_first

SHOWN = 50

managers_only = with_permission("portal.view_event")


@require_safe
@managers_only
def trail(request: ArtistRequest) -> HttpResponse:
    form = TrailForm(request.GET)
    page = newest_first(form.events(), after=request.GET.get("after", ""), size=SHOWN)
    asked = request.GET.copy()
    asked.pop("after", None)
    places = places_of(page.items)
    context = {
        "form": form,
        "rows": [(event, _facts(event), places.get(event.sequence)) for event in page.items],
        "next_cursor": page.next_cursor,
        "querystring": asked.urlencode(),
        "is_filtered": any(asked.values()),
        "verbs": recent_verbs(),
        "formats": list(FORMATS),
    }
    return render(request, "artists/trail.html", context, status=status_of(form))


@require_safe
@managers_only
def export(request: ArtistRequest, form: str) -> StreamingHttpResponse:
    """The events that the same filter shows, the first first, as a file."""
    if form not in FORMATS:
        raise Http404
    content_type, write = FORMATS[form]
    name = f"audit-{timezone.localdate():%Y-%m-%d}.{form}"
    return StreamingHttpResponse(
        write(TrailForm(request.GET).events()),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _facts(event: Event) -> list[tuple[str, str]]:
    """Each fact by its name, in a line of JSON where it is no text."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in event.facts.items()
    ]
