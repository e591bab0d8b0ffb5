from artists.models.acceptance import Acceptance, Decline
from artists.models.artist import Artist
from artists.models.cohort import Cohort
from artists.models.departure import Departure
from artists.models.invitation import Invitation
from artists.models.ledger import LedgerEntry
from artists.models.ledger_check import LedgerCheck
from artists.models.limit import Limit
from artists.models.pause import Pause
from artists.models.reservation import Reservation
from artists.models.role_default import RoleDefault
from artists.models.temporary_raise import Raise
from artists.models.terms import Terms
from artists.models.token import Token
from artists.models.window import Window

__all__ = [
    "Acceptance",
    "Artist",
    "Cohort",
    "Decline",
    "Departure",
    "Invitation",
    "LedgerCheck",
    "LedgerEntry",
    "Limit",
    "Pause",
    "Raise",
    "Reservation",
    "RoleDefault",
    "Terms",
    "Token",
    "Window",
]
