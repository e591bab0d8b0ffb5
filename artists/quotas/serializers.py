"""Limits as the API tells them."""

from rest_framework import serializers

from artists.models import Limit, Window
from portal.api_fields import ConstantField, UnixTimeField


class WindowSerializer(serializers.Serializer[Window]):
    """A limit's period that runs now: what is held by unfinished videos, and what is spent."""

    scope = serializers.ChoiceField(
        source="limit.scope", choices=["programme", "cohort", "artist", "token"]
    )
    period = serializers.ChoiceField(source="limit.period", choices=Limit.Period.values)
    unit = ConstantField("credits")
    ceiling = serializers.IntegerField()
    held = serializers.IntegerField()
    spent = serializers.IntegerField()
    free = serializers.IntegerField()
    resets_at = UnixTimeField(allow_null=True)
