"""Why an appeal is not made, not taken back, or not written in."""

from http import HTTPStatus

from portal.errors import PortalError


class NothingToAppeal(PortalError):
    code = "nothing_to_appeal"
    message = "Nothing of this was refused or taken down, so there is nothing to appeal against."


class AlreadyAppealed(PortalError):
    code = "already_appealed"
    message = "You have appealed against this already. Each decision meets one appeal."


class TooLateToAppeal(PortalError):
    code = "too_late_to_appeal"
    message = "The time to appeal against this is over."


class SubmittedAgain(PortalError):
    code = "submitted_again"
    message = "You have submitted this work again since: appeal against its latest answer."


class AppealIsOver(PortalError):
    code = "appeal_is_over"
    message = "This appeal has ended. What was written stays here to be read."


class TooLateToTakeBack(PortalError):
    code = "too_late_to_take_back"
    message = "Somebody is deciding on this appeal; it can't be taken back now."


class NotYourThread(PortalError):
    code = "not_your_thread"
    message = "Only the artist and whoever holds the appeal write here. Claim it first."


class ThreadIsFull(PortalError):
    code = "thread_is_full"
    message = "This thread is full. What is decided will be decided on what stands here."


class AppealNotFound(PortalError):
    """One answer for an appeal that never was and for somebody else's (I7)."""

    code = "appeal_not_found"
    message = "You have no appeal against this."
    status = HTTPStatus.NOT_FOUND


class RefusedPromptNotFound(PortalError):
    """One answer for a refused prompt that never was and for somebody else's (I7)."""

    code = "refused_prompt_not_found"
    message = "You have no refused prompt with this id."
    status = HTTPStatus.NOT_FOUND
