from artists.models.artist import Artist
from artists.models.cohort import Cohort
from artists.models.invitation import Invitation
from artists.models.ledger import LedgerEntry
from artists.models.limit import Limit, Window
from artists.models.reservation import Hold, Reservation
from artists.models.token import Token

__all__ = [
    "Artist",
    "Cohort",
    "Hold",
    "Invitation",
    "LedgerEntry",
    "Limit",
    "Reservation",
    "Token",
    "Window",
]
