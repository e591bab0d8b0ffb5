"""The public API: /api/me, who one is to the portal and how one stands with it."""

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.response import Response

from artists.access.second_factor import has_second_factor
from artists.accounts.zones import zones
from artists.models import Artist, Departure, Pause
from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from artists.roles.services import PERMISSIONS
from generations.pauses.guard import pauses_met_by
from portal.api import ApiView
from portal.api_fields import ConstantField, UnixTimeField
from portal.openapi.describing import describe

ROLES = list(PERMISSIONS)


class MembershipSerializer(serializers.Serializer[Any]):
    """Whether one is in the programme, and until when if it ends."""

    state = serializers.ChoiceField(choices=["member", "ending", "ended", "left"])
    ends_at = UnixTimeField(allow_null=True, help_text="Nothing new is made from then on.")
    erase_at = UnixTimeField(
        allow_null=True, help_text="Until then you can take what is yours; then you are forgotten."
    )
    reason = serializers.CharField(help_text="The programme's, where it ends the membership.")


class PauseSerializer(serializers.Serializer[Pause]):
    """A stop that touches you, or one of your tokens, or a video model."""

    scope = serializers.ChoiceField(
        choices=["programme", "cohort", "video_model", "artist", "token"]
    )
    title = serializers.CharField(source="said_to_artist", help_text="What is paused.")
    token_id = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    since = UnixTimeField(source="made_at")
    expected_end = UnixTimeField(help_text="As far as anybody knows; a person lifts it.")
    allows_looking = serializers.BooleanField(help_text="You still see and download your work.")


class MeSerializer(serializers.Serializer[Any]):
    """The artist whose token it is."""

    id = serializers.IntegerField()
    object = ConstantField("artist")
    email = serializers.CharField()
    credit_name = serializers.CharField(help_text="The name that public pages show.")
    pronouns = serializers.CharField()
    links = serializers.ListField(child=serializers.CharField())
    time_zone = serializers.CharField(help_text="An IANA name, as Europe/Berlin.")
    joined_at = UnixTimeField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLES))
    cohort = serializers.CharField(allow_null=True, help_text="Its name.")
    membership = MembershipSerializer()
    owes_terms = serializers.BooleanField(
        help_text="Terms wait for your answer on the page *Terms*; until then you make nothing new."
    )
    has_second_factor = serializers.BooleanField()
    pauses = PauseSerializer(many=True)
    token_id = serializers.IntegerField(help_text="The token that asks.")


class MeView(ApiView):
    scopes = {"get": Scope.ACCOUNT_READ}

    @describe(
        "retrieveMe",
        "Who you are to the portal, your membership, and what is paused for you.",
        MeSerializer,
        tag="account",
    )
    def get(self, request: ArtistApiRequest) -> Response:
        artist = request.user
        facts = {
            "id": artist.pk,
            "email": artist.email,
            "credit_name": artist.credit_name,
            "pronouns": artist.pronouns,
            "links": artist.links,
            "time_zone": artist.time_zone if artist.time_zone in zones() else settings.TIME_ZONE,
            "joined_at": artist.date_joined,
            "roles": [one.name for one in artist.groups.order_by("name") if one.name in ROLES],
            "cohort": artist.cohort and artist.cohort.name,
            "membership": _membership(artist),
            "owes_terms": request.auth.owes_terms,
            "has_second_factor": has_second_factor(artist),
            "pauses": pauses_met_by(request._request),
            "token_id": request.auth.pk,
        }
        return Response(MeSerializer(facts).data)


def _membership(artist: Artist) -> dict[str, Any]:
    departure = Departure.objects.of(artist)
    if departure is None:
        return {"state": "member", "ends_at": None, "erase_at": None, "reason": ""}
    state = departure.kind if departure.has_begun else "ending"
    facts = {name: getattr(departure, name) for name in ("ends_at", "erase_at", "reason")}
    return {"state": state, **facts}
