"""Refusals of an application, of a score or of a decision."""

from http import HTTPStatus

from portal.errors import PortalError


class RoundNotOpen(PortalError):
    code = "round_not_open"
    message = "This round takes no applications now."


class TooManyApplications(PortalError):
    code = "too_many_applications"
    message = (
        "Many applications came from your network within the hour. Please try again in an hour."
    )
    status = HTTPStatus.TOO_MANY_REQUESTS


class CannotChange(PortalError):
    code = "application_is_closed"
    message = "The application can't be changed any more: its round is over, or it is decided."


class CannotWithdraw(PortalError):
    code = "application_cannot_be_withdrawn"
    message = "It was withdrawn before, or an account was made of it already."


class RoundFull(PortalError):
    code = "round_full"
    message = "All places of the round are taken."


class AlreadyThere(PortalError):
    code = "already_decided"
    message = "It stands like that already, or was withdrawn meanwhile."


class HasJoined(PortalError):
    code = "has_joined"
    message = "The invitation was accepted: there is an account already."


class OwnApplication(PortalError):
    code = "own_application"
    message = "Nobody decides on their own application."
    status = HTTPStatus.NOT_FOUND


class TakenPlaces(PortalError):
    code = "places_are_taken"
    message = "More places than that are taken already."
    field = "places"
