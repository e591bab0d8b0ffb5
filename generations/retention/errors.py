"""Refusals about drafts."""

from portal.errors import PortalError


class NoDraft(PortalError):
    code = "no_draft"
    message = "Only a finished clip that was never submitted is a draft, to keep or to let go."
