"""Why a promise is not set."""

from portal.errors import PortalError


class SetMeanwhile(PortalError):
    code = "promise_set_meanwhile"
    message = "Somebody set the promise while you were at it. Look at theirs, and set yours again."


class NothingNew(PortalError):
    code = "promise_nothing_new"
    message = "That is what the promise says already."
