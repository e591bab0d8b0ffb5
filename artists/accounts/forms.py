"""The sign-up form of somebody who was invited."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.core import context
from django import forms
from django.db import transaction
from django.http import HttpRequest

from artists.accounts.words import OurWords
from artists.admissions.errors import InvitationGone
from artists.admissions.services import admit
from artists.admissions.session import accepted_invitation
from artists.models import Artist, Invitation
from portal.texts import NameField


class InvitedSignupForm(OurWords, SignupForm):
    """The address is the invitation's, whatever a browser posts.

    The link was mailed there, so whoever follows it has the address: it counts as verified. Who
    comes by a link without an address gives their own, and proves it by a code.
    """

    credit_name = NameField(max_length=80, help_text="The name that share pages show.")
    field_order = ["email", "credit_name", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invitation = accepted_invitation(context.request)
        if invitation is None:
            raise InvitationGone
        self.invitation = invitation
        if invitation.email:
            self.initial["email"] = invitation.email
            self.fields["email"].disabled = True

    def validate_unique_email(self, value: str) -> str:
        """Say it plainly where allauth would not: who holds the link has the address."""
        if not self.invitation.email:
            unsaid: str = super().validate_unique_email(value)
            return unsaid
        if Artist.objects.filter(email__iexact=value).exists():
            raise forms.ValidationError("You have an account already. Sign in instead.")
        return value

    @transaction.atomic
    def save(self, request: HttpRequest) -> Artist:
        """Make the account and use the invitation up, both or neither."""
        if not Invitation.objects.open().select_for_update().filter(pk=self.invitation.pk):
            raise InvitationGone  # a second browser was faster
        if self.invitation.email:
            get_adapter().stash_verified_email(request, self.invitation.email)
        artist: Artist = super().save(request)
        admit(invitation=self.invitation, artist=artist)
        return artist

    def custom_signup(self, request: HttpRequest, user: Artist) -> None:
        user.credit_name = self.cleaned_data["credit_name"]
        user.save(update_fields=["credit_name"])
