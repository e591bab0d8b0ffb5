"""The bodies of /api/tokens: what anybody may know of a token, and never its secret (I11)."""

from rest_framework import serializers

from artists.models import Token
from artists.models.token import Scope
from artists.quotas.serializers import WindowSerializer
from portal.api_fields import ConstantField, ListAnswer, UnixTimeField


class TokenSerializer(serializers.Serializer[Token]):
    """A token, or a program that was signed in by device code."""

    id = serializers.IntegerField()
    object = ConstantField("token")
    name = serializers.CharField()
    hint = serializers.CharField(help_text="Its last four characters; a program has none.")
    is_program = serializers.BooleanField(help_text="Signed in by device code.")
    is_live = serializers.BooleanField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.values))
    networks = serializers.ListField(
        child=serializers.CharField(), help_text="Where it may be used from; empty: anywhere."
    )
    requests_per_minute = serializers.IntegerField(
        allow_null=True, help_text="Of its own; null: what its artist may."
    )
    windows = WindowSerializer(many=True, help_text="What it may spend, where it has limits.")
    created_at = UnixTimeField()
    expires_at = UnixTimeField()
    revoked_at = UnixTimeField(allow_null=True)
    last_used_at = UnixTimeField(allow_null=True)
    last_used_from = serializers.CharField(allow_null=True, help_text="The address of its client.")
    last_used_by = serializers.CharField(help_text="The client, as it names itself.")


class TokenListSerializer(ListAnswer):
    """A page of tokens; the next one begins `after` this one's `last_id`."""

    data = TokenSerializer(many=True)
    first_id = serializers.IntegerField(allow_null=True)
    last_id = serializers.IntegerField(allow_null=True)
    has_more = serializers.BooleanField()
