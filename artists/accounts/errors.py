"""Why somebody's second factors are not removed."""

from django.urls import reverse

from portal.errors import PortalError, WayOn


class OwnFactors(PortalError):
    code = "own_factors"
    message = "These are your own second factors: remove and add them on their own page."

    def __init__(self) -> None:
        super().__init__()
        self.way_on = WayOn(reverse("mfa_index"), "Your second factors")


class NoFactors(PortalError):
    code = "no_factors"
    message = "There is no second factor to remove: perhaps somebody has just done it."
