"""The managers' pages of roles: who holds one, and what each may do."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from artists.access.guards import said_who_they_are, with_permission
from artists.access.second_factor import FACTORS
from artists.models import Artist
from artists.requests import ArtistRequest
from artists.roles.forms import PermissionsForm, RolesForm
from artists.roles.services import MANAGING, PERMISSIONS, may, set_permissions, set_roles
from portal.forms import sent, status_of
from portal.texts import words_looked_for

MAY_GIVE = "artists.give_roles"
PAGE_SIZE = 25
FOUND_MAX = 20


@require_safe
@with_permission(MAY_GIVE)
def roles(request: ArtistRequest) -> HttpResponse:
    """List who holds a role, and whoever goes by the words that are looked for."""
    asked = words_looked_for(request)
    holders = _people(Artist.objects.filter(groups__name__in=PERMISSIONS).distinct())
    facts = {
        "page": Paginator(holders, PAGE_SIZE).get_page(request.GET.get("page")),
        "asked": asked,
        "found": _people(_search(asked))[:FOUND_MAX] if asked else None,
        "roles": [(role, len(may(role) & MANAGING)) for role in PERMISSIONS],
    }
    return render(request, "artists/roles.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@with_permission(MAY_GIVE)
@said_who_they_are
def roles_of(request: ArtistRequest, artist_id: int) -> HttpResponse:
    person = get_object_or_404(_people(Artist.objects.all()), pk=artist_id)
    form = RolesForm(request.POST) if request.method == "POST" else RolesForm.of(person)
    if form.is_valid():
        set_roles(person, form.cleaned_data["roles"], by=request.user)
        messages.success(request, f"The roles of {person} are set.")
        return redirect("artists:roles")
    facts = {"person": person, "form": form, "is_me": person == request.user}
    return render(request, "artists/roles_of.html", facts, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@with_permission(MAY_GIVE)
@said_who_they_are
def show_role(request: ArtistRequest, role: str) -> HttpResponse:
    """Show what a role may do; whoever does not hold it says so."""
    if role not in PERMISSIONS:
        raise Http404
    form = PermissionsForm(role, sent(request))
    if form.is_valid():
        set_permissions(role, form.cleaned_data["permissions"], by=request.user)
        messages.success(request, f"What the role “{role}” may do is set.")
        return redirect("artists:roles")
    is_mine = request.user.groups.filter(name=role).exists()
    facts = {"role": role, "form": form, "is_mine": is_mine}
    return render(request, "artists/role.html", facts, status=status_of(form))


def _people(artists: QuerySet[Artist]) -> QuerySet[Artist]:
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    with_factor = artists.annotate(has_second_factor=Exists(factors))
    return with_factor.prefetch_related("groups").order_by("credit_name", "pk")


def _search(words: str) -> QuerySet[Artist]:
    return Artist.objects.filter(Q(credit_name__icontains=words) | Q(email__icontains=words))
