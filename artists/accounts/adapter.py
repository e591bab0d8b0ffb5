"""Sign-up is closed but for an invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from artists.admissions.session import accepted_invitation


class InvitedOnlyAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return accepted_invitation(request) is not None
