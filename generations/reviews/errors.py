"""Why a submission is not claimed or not decided."""

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
