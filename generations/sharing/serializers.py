"""The bodies of /api/submissions/{id}/share."""

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from generations.links import absolute
from generations.models import Ground, Share
from generations.sharing import previews
from generations.sharing.choices import PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, check_expiry
from portal.api_fields import BodyRequest, ConstantField, TextField, UnixTimeField, YesOrNoField

STATUSES = Share.Status.values
LAST_SECOND = 253_402_300_799  # of the year 9999


class GroundSerializer(serializers.Serializer[Ground]):
    """An item of the published list of grounds."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()


class ShareSerializer(serializers.Serializer[Share]):
    """The public page of an approved video."""

    url = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=STATUSES)
    since = UnixTimeField(source="created_at")
    ended_at = UnixTimeField(allow_null=True)
    ground = GroundSerializer(allow_null=True, help_text="Where the programme took it down.")
    reason = serializers.CharField()

    def get_url(self, share: Share) -> str:
        return absolute(share.get_absolute_url())


class SharingSerializer(ShareSerializer):
    """The public page, with what its artist chose for it."""

    object = ConstantField("share")
    submission_id = serializers.UUIDField()
    has_password = serializers.BooleanField(source="is_locked")
    expires_at = UnixTimeField(allow_null=True, help_text="Null: shown until it is ended.")
    shows_prompt = serializers.BooleanField()
    allows_download = serializers.BooleanField()
    allows_embedding = serializers.BooleanField()
    in_gallery = serializers.BooleanField()
    in_portfolio = serializers.SerializerMethodField()
    is_findable = serializers.BooleanField(help_text="By search engines.")
    embed_code = serializers.SerializerMethodField(
        help_text="HTML that shows the player on another page; null where that is not to be."
    )
    views = serializers.SerializerMethodField(
        help_text="How often it was opened; you alone see it."
    )

    def get_in_portfolio(self, share: Share) -> bool:
        return share.place is not None

    def get_embed_code(self, share: Share) -> str | None:
        is_shown = share.is_live and share.allows_embedding and not share.is_locked
        return str(previews.frame_of(share)) if is_shown else None

    def get_views(self, share: Share) -> int:
        return share.view_counts.in_all()


@extend_schema_field(
    {"type": "integer", "format": "unixtime", "minimum": 0, "maximum": LAST_SECOND}
)
class ExpiryField(serializers.IntegerField):
    """A moment that is yet to come, as whole seconds since 1970, of which whole minutes count."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=LAST_SECOND, **options)

    def run_validation(self, data: Any = empty) -> Any:
        seconds = super().run_validation(data)
        if seconds is None:
            return None
        at = datetime.fromtimestamp(seconds - seconds % 60, tz=UTC)
        check_expiry(at)
        return at


class SharingRequest(BodyRequest):
    """What `PATCH /api/submissions/{id}/share` takes: what is left out stays as it is."""

    password = TextField(
        required=False,
        allow_null=True,
        trim_whitespace=False,
        min_length=PASSWORD_MIN_CHARS,
        max_length=PASSWORD_MAX_CHARS,
        write_only=True,
        help_text="You tell it to those who may see the clip. Null takes it away.",
    )
    expires_at = ExpiryField(
        required=False,
        allow_null=True,
        help_text="From then on nobody sees it, until you say otherwise. Null: no end.",
    )
    shows_prompt = YesOrNoField(
        required=False, help_text="True only where the submission that was approved showed it."
    )
    allows_download = YesOrNoField(required=False, help_text="Offer the file to download.")
    allows_embedding = YesOrNoField(required=False, help_text="Let other sites show its player.")
    in_gallery = YesOrNoField(required=False, help_text="Of the programme.")
    in_portfolio = YesOrNoField(required=False, help_text="Yours, where you have made one.")
    is_findable = YesOrNoField(required=False, help_text="Let search engines find it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return what `generations.sharing.choices.choose` takes."""
        if "password" in attrs:
            password = attrs.pop("password")
            attrs |= {"new_password": password or "", "removes_password": password is None}
        if "shows_prompt" in attrs:
            attrs["hides_prompt"] = not attrs.pop("shows_prompt")
        return attrs
