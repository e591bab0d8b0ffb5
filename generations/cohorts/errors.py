from portal.errors import PortalError


class PlacesPromised(PortalError):
    code = "places_promised"
    message = "More artists than that are in it already, or hold an open invitation."
    field = "places"
