"""Why a work is not submitted, or a submission or share not changed or ended."""

from http import HTTPStatus

from portal.errors import PortalError


class NotShareable(PortalError):
    code = "not_shareable"
    message = "Only a finished work can be submitted for sharing."


class AlreadySubmitted(PortalError):
    code = "already_submitted"
    message = "This work is already waiting for a decision."


class UnderAppeal(PortalError):
    code = "under_appeal"
    message = "Your appeal about this work is open. Take it back first to submit the work anew."


class AlreadyShared(PortalError):
    code = "already_shared"
    message = "This work is already public. Withdraw its share first to submit it anew."


class AlreadyEnded(PortalError):
    code = "already_ended"
    message = "This share has already ended."


class NotOwnShare(PortalError):
    code = "not_own_share"
    message = "Only its artist withdraws a share, or says how it is shown."


class PromptNotApproved(PortalError):
    code = "prompt_not_approved"
    message = "Nobody approved this prompt for the public, so the page cannot show it."
    field = "shows_prompt"


class NoPortfolio(PortalError):
    code = "no_portfolio"
    message = "You have no portfolio yet. The page Portfolio, in your account’s menu, makes one."
    field = "in_portfolio"


class TooLateToWithdraw(PortalError):
    code = "too_late_to_withdraw"
    message = "This submission is being reviewed or has been decided; it can't be taken back now."


class TooLateToAmend(PortalError):
    code = "too_late_to_amend"
    message = "This submission is being reviewed or has been decided; it can't be changed now."


class SetTooSmall(PortalError):
    code = "set_too_small"
    message = "A set has two clips at least. One alone is submitted on its own page."
    field = "works"


class SetTooLarge(PortalError):
    code = "set_too_large"
    field = "works"

    def __init__(self, *, cap: int) -> None:
        super().__init__(f"A set has {cap} clips at most.")


class TakeDownNeedsGround(PortalError):
    code = "ground_needed"
    message = "Taking a share down needs a ground of the published list and a reason."
    field = "ground"


class OwnShare(PortalError):
    code = "own_work"
    message = "A share of your own is withdrawn, not taken down."


class SubmissionNotFound(PortalError):
    """One answer for a submission that never was and for somebody else's (I7)."""

    code = "submission_not_found"
    message = "You have no submission with this id."
    status = HTTPStatus.NOT_FOUND


class ShareNotFound(PortalError):
    """One answer for a share that never was and for somebody else's (I7)."""

    code = "share_not_found"
    message = "This submission has no public page: an approval opens it."
    status = HTTPStatus.NOT_FOUND
