"""Refusals about terms: of who has not accepted them, and of who writes them."""

from http import HTTPStatus

from django.conf import settings
from django.urls import reverse

from portal.errors import PortalError, WayOn


class TermsNotAccepted(PortalError):
    """Told to whoever would make something new, in a browser or by a program."""

    code = "terms_not_accepted"
    status = HTTPStatus.FORBIDDEN

    def __init__(self) -> None:
        path = reverse("artists:accept_terms")
        super().__init__(
            "Terms of the programme wait for your answer. Read and accept them first, at "
            f"{settings.PUBLIC_URL}{path} in a browser. Until then you can see, take and remove "
            "what is yours, and make nothing new."
        )
        self.way_on = WayOn(path, "Read the terms")


class DraftChanged(PortalError):
    code = "draft_changed"
    message = "This draft is not as you saw it any more: somebody has changed it. Look again."


class NothingNew(PortalError):
    code = "nothing_new"
    message = "This text is the version before, letter for letter. Nobody needs to accept it again."


class NoticeTooShort(PortalError):
    """A new version takes effect after the promised notice."""

    code = "notice_too_short"
    status = HTTPStatus.BAD_REQUEST
    field = "notice_days"


class TakesEffectTooEarly(PortalError):
    """A version may not take effect before the one that it replaces."""

    code = "takes_effect_too_early"
    status = HTTPStatus.BAD_REQUEST
    field = "notice_days"


class NoSuchTerms(PortalError):
    code = "terms_not_found"
    message = "There is no published version with this number of terms of this kind."
    status = HTTPStatus.NOT_FOUND
