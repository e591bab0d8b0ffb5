"""Opening an invitation's link."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from artists.admissions.errors import InvitationGone
from artists.admissions.services import find_invitation
from artists.admissions.session import accept
from portal.secret_links import unreferred


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
@unreferred
def open_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show whom it is for; accepted, lead to the sign-up. Somebody signed in is somebody else."""
    invitation = find_invitation(secret)
    if invitation is None:
        raise Http404
    facts = {"invitation": invitation}
    if not invitation.is_open:
        return render(request, "artists/invitation_gone.html", facts, status=InvitationGone.status)
    if request.method != "POST" or request.user.is_authenticated:
        return render(request, "artists/invitation.html", facts)
    accept(request, invitation)
    return redirect("account_signup")
