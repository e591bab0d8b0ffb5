"""Why a submission is not claimed or not decided."""

from http import HTTPStatus

from portal.errors import PortalError


class OwnWork(PortalError):
    code = "own_work"
    message = "Nobody reviews their own work."


class AlreadyClaimed(PortalError):
    code = "already_claimed"
    message = "Another reviewer is at work on this submission."


class AlreadyDecided(PortalError):
    code = "already_decided"
    message = "This submission has already been decided."


class WasWithdrawn(PortalError):
    code = "was_withdrawn"
    message = "The artist has taken this submission back."


class ClaimIsOver(PortalError):
    code = "claim_is_over"
    message = "You don't hold this submission, or no longer. Claim it to decide."


class RefusalNeedsGround(PortalError):
    code = "ground_needed"
    message = "A refusal needs a ground of the published list and a reason for the artist."
    field = "ground"


class ReasonHasGaps(PortalError):
    code = "reason_has_gaps"
    message = "Fill in what still stands in braces."
    field = "reason"


class SetAcrossArtists(PortalError):
    code = "set_across_artists"
    message = "Only what one artist submitted together is decided together."


class EscalationNeedsWords(PortalError):
    code = "words_needed"
    message = "Tell the managers why you hand this on."
    field = "words_inside"


class UpholdingNeedsWords(PortalError):
    code = "words_needed"
    message = "Tell the artist why the first decision stands."
    field = "reason"


class HadAPart(PortalError):
    code = "had_a_part"
    message = "You have judged this before: somebody who had no part in it decides now."


class ManagersDecide(PortalError):
    code = "managers_decide"
    message = "This was escalated: a manager decides."


class KeptForAnother(PortalError):
    code = "kept_for_another"
    message = "This follows changes that another reviewer asked for, and is theirs first."


class OutcomeDoesNotFit(PortalError):
    code = "outcome_does_not_fit"
    message = "That is no answer to what is asked here."
    field = "outcome"


class TooLateToUndo(PortalError):
    code = "too_late_to_undo"
    message = "Your decision stands: the time to undo it is over."


class NothingToSave(PortalError):
    code = "nothing_to_save"
    message = "This is the whole queue: narrow it down first, then save that."


class TooManyViews(PortalError):
    code = "too_many_views"
    message = "You have 20 saved views. Remove one that you no longer need first."


class NameIsTaken(PortalError):
    code = "name_is_taken"
    message = "Another of your saved views has this name already."
    field = "name"


class BadName(PortalError):
    code = "bad_name"
    message = "Give the view a name of 40 characters at most."
    status = HTTPStatus.BAD_REQUEST
    field = "name"
