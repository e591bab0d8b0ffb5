"""Opening an invitation's link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from artists.admissions.errors import InvitationGone
from artists.admissions.services import find_invitation
from artists.admissions.session import accept


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def open_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    invitation = find_invitation(secret)
    if invitation is None:
        raise Http404
    if not invitation.is_open:
        return render(request, "artists/invitation_gone.html", status=InvitationGone.status)
    if request.method != "POST":
        return render(request, "artists/invitation.html", {"invitation": invitation})
    if request.user.is_authenticated:
        messages.info(request, "You are signed in already. Sign out first to accept an invitation.")
        return redirect("home")
    accept(request, invitation)
    return redirect("account_signup")
