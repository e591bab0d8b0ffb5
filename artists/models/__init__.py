from artists.models.acceptance import Acceptance, Decline
from artists.models.application import Application, PortfolioLink
from artists.models.artist import Artist
from artists.models.cohort import Cohort
from artists.models.dead_use import DeadUse
from artists.models.departure import Departure
from artists.models.invitation import Invitation, Redemption
from artists.models.ledger import LedgerEntry
from artists.models.ledger_check import LedgerCheck
from artists.models.letter import Letter, LetterKind, LetterTemplate
from artists.models.limit import Limit
from artists.models.pause import Pause
from artists.models.reservation import Reservation
from artists.models.role_default import RoleDefault
from artists.models.rotated_secret import RotatedSecret
from artists.models.round import Round
from artists.models.score import Score
from artists.models.temporary_raise import Raise
from artists.models.terms import Terms
from artists.models.token import Token
from artists.models.window import Window

__all__ = [
    "Acceptance",
    "Application",
    "Artist",
    "Cohort",
    "DeadUse",
    "Decline",
    "Departure",
    "Invitation",
    "LedgerCheck",
    "LedgerEntry",
    "Letter",
    "LetterKind",
    "LetterTemplate",
    "Limit",
    "Pause",
    "PortfolioLink",
    "Raise",
    "Redemption",
    "Reservation",
    "RoleDefault",
    "RotatedSecret",
    "Round",
    "Score",
    "Terms",
    "Token",
    "Window",
]
