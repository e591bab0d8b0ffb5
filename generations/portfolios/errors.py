"""Why a portfolio is not kept."""

from portal.errors import PortalError


class AddressTaken(PortalError):
    code = "address_taken"
    message = "Somebody else has this address. Please choose another."
    field = "address"
