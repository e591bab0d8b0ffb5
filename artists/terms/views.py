"""Terms as everybody reads them, and what one answers to them."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.models import Terms
from artists.models.terms import in_reading_order
from artists.requests import ArtistRequest
from artists.terms import services
from artists.terms.difference import compare
from artists.terms.forms import AcceptForm
from artists.terms.guards import before_terms
from artists.terms.rendering import to_html
from portal.forms import sent, status_of

EARLIER_SHOWN = 50


@login_not_required
@require_safe
def show_terms(request: HttpRequest) -> HttpResponse:
    """What is in force, what will be, and what was before."""
    published = list(Terms.objects.published()[: EARLIER_SHOWN * len(Terms.Kind)])
    in_force = set(Terms.objects.in_force().values_list("pk", flat=True))
    ahead = set(Terms.objects.upcoming().values_list("pk", flat=True))
    kinds = []
    for kind in Terms.Kind:
        of_kind = [one for one in published if one.kind == kind]
        if of_kind:
            kinds.append(
                {
                    "title": kind.label,
                    "in_force": next((one for one in of_kind if one.pk in in_force), None),
                    "ahead": [one for one in of_kind if one.pk in ahead],
                    "earlier": [one for one in of_kind if one.pk not in in_force | ahead],
                }
            )
    return render(request, "artists/terms/terms.html", {"kinds": kinds})


@login_not_required
@require_safe
def show_version(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    found = _find(kind, version)
    newest = Terms.objects.in_force().filter(kind=kind).first()
    facts = {
        "terms": found,
        "html": to_html(found.text),
        "in_force": newest,
        "earlier": _before(found),
    }
    return render(request, "artists/terms/version.html", facts)


@login_not_required
@require_safe
def markdown(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    """The very bytes that were published, of which the hash is."""
    found = _find(kind, version)
    answer = HttpResponse(found.text.encode(), content_type="text/markdown; charset=utf-8")
    return _as_file(answer, found, "md")


@login_not_required
@require_safe
def html(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    """The text as a page of its own, which opens without us."""
    found = _find(kind, version)
    facts = {"terms": found, "html": to_html(found.text)}
    return _as_file(render(request, "artists/terms/file.html", facts), found, "html")


@login_not_required
@require_safe
def changes(request: HttpRequest, kind: str, version: int, since: int) -> HttpResponse:
    """What changed from an earlier version to this one."""
    found, earlier = _find(kind, version), _find(kind, since)
    if earlier.version >= found.version:
        raise Http404
    facts = {
        "terms": found,
        "earlier": earlier,
        "difference": compare(earlier.text, found.text),
    }
    return render(request, "artists/terms/changes.html", facts)


@before_terms
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def accept(request: ArtistRequest) -> HttpResponse:
    """What waits for an answer, what will, and what one has accepted."""
    form = AcceptForm(sent(request))
    if form.is_valid():
        services.accept(
            artist=request.user,
            terms=form.cleaned_data["terms"],
            ip_address=get_adapter().get_client_ip(request),
            user_agent=request.headers.get("User-Agent", ""),
        )
        messages.success(request, "Accepted. A receipt is on its way to you by e-mail.")
        if services.owed_by(request.user).exists():
            return redirect(request.get_full_path())
        return redirect(_next(request))
    facts = _answers(request) | {"form": form, "next": _next(request)}
    return render(request, "artists/terms/accept.html", facts, status=status_of(form))


@before_terms
@require_POST
@login_required
def decline(request: ArtistRequest) -> HttpResponse:
    services.decline(request.user)
    messages.info(
        request,
        "Declined. You can see, take and remove what is yours, and accept whenever you like.",
    )
    return redirect("home")


def _as_file(answer: HttpResponse, terms: Terms, ending: str) -> HttpResponse:
    name = f"{terms.kind}-version-{terms.version}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _find(kind: str, version: int) -> Terms:
    return get_object_or_404(Terms.objects.published(), kind=kind, version=version)


def _before(terms: Terms) -> Terms | None:
    earlier = Terms.objects.published().filter(kind=terms.kind, version__lt=terms.version)
    return earlier.order_by("-version").first()


def _next(request: HttpRequest) -> str:
    """The page that one came from, if it is one of ours; else home."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    return wanted if is_ours and wanted.startswith("/") else "home"


def _answers(request: ArtistRequest) -> dict[str, Any]:
    accepted = list(request.user.acceptances.select_related("terms").order_by("-pk"))
    known = [one.terms for one in accepted]
    return {
        "owed": [_due(one, known) for one in in_reading_order(services.owed_by(request.user))],
        "ahead": [_due(one, known) for one in in_reading_order(services.ahead_of(request.user))],
        "accepted": accepted,
    }


def _due(terms: Terms, known: list[Terms]) -> dict[str, Any]:
    """A text that waits for an answer, with what is new in it since an earlier yes."""
    earlier = [one for one in known if one.kind == terms.kind and one.version < terms.version]
    accepted = max(earlier, key=lambda one: one.version, default=None)
    return {
        "terms": terms,
        "html": to_html(terms.text),
        "accepted": accepted,
        "difference": compare(accepted.text, terms.text) if accepted else None,
    }
