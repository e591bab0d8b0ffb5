"""One click signs in as each role of the demo. Nothing imports this outside a demo."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from artists.access.second_factor import WAIVED
from artists.models import Artist
from artists.roles.services import MANAGER, REVIEWER
from artists.terms.guards import before_terms

DOMAIN = "@demo.greenroom.invalid"
LABELS = {MANAGER: "Manager", REVIEWER: "Reviewer"}


def demo_people() -> QuerySet[Artist]:
    """The accounts that the demo made for itself: nobody can receive mail at their domain."""
    return Artist.objects.filter(email__endswith=DOMAIN, is_active=True)


def demo_roles(request: HttpRequest) -> dict[str, Callable[[], list[dict[str, str]]]]:
    """Offer templates the people of the demo; they are looked up where a page shows them."""
    return {"demo_roles": _list_roles}


@before_terms
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of them; their sessions need no second factor, for they have none to show."""
    login(request, get_object_or_404(demo_people(), email=request.POST.get("email", "")))
    request.session[WAIVED] = True
    UserSession.objects.create_from_request(request)
    return redirect("home")


urlpatterns = [path("sign-in/", sign_in, name="demo_sign_in")]


def _list_roles() -> list[dict[str, str]]:
    people = demo_people().prefetch_related("groups").order_by("pk")
    return [
        {"email": person.email, "label": _label(person), "name": person.credit_name}
        for person in people
    ]


def _label(person: Artist) -> str:
    roles = {group.name for group in person.groups.all()}
    return next((label for role, label in LABELS.items() if role in roles), "Artist")
