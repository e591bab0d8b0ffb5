"""The session carries an accepted invitation from its link to the sign-up form."""

from django.http import HttpRequest

from artists.models import Invitation

KEY = "accepted_invitation"


def accept(request: HttpRequest, invitation: Invitation) -> None:
    request.session[KEY] = invitation.pk


def accepted_invitation(request: HttpRequest) -> Invitation | None:
    """Return the invitation that this browser accepted, if it still works."""
    accepted = Invitation.objects.open().filter(pk=request.session.get(KEY, 0))
    return accepted.select_related("cohort").first()
