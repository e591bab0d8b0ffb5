"""The public API: /api/terms. A program reads them; the yes is a person's, on the page."""

from functools import partial

from django.conf import settings
from django.db.models import OuterRef, Subquery
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from artists.models import Acceptance, Artist, Decline, Terms
from artists.models.terms import TermsQuerySet, in_reading_order
from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from artists.terms.errors import NoSuchTerms
from portal.api import ApiView
from portal.api_fields import ConstantField, ListAnswer, UnixTimeField
from portal.openapi.describing import describe

KIND = OpenApiParameter("kind", {"type": "string", "enum": Terms.Kind.values}, "path")
VERSION = OpenApiParameter("version", {"type": "integer", "minimum": 1}, "path")
_describe = partial(describe, tag="terms", refused={404: "There is no such published version."})


class TermsSerializer(serializers.Serializer[Terms]):
    """One published version, and what you answered to it."""

    object = ConstantField("terms")
    kind = serializers.ChoiceField(choices=Terms.Kind.values)
    version = serializers.IntegerField()
    title = serializers.CharField(source="get_kind_display")
    is_upcoming = serializers.BooleanField(help_text="It takes effect in time to come.")
    published_at = UnixTimeField()
    takes_effect_at = UnixTimeField()
    sha256 = serializers.CharField(help_text="Of the Markdown in UTF-8.")
    url = serializers.SerializerMethodField(help_text="The page to read it on.")
    accepted_at = UnixTimeField(allow_null=True)
    declined_at = UnixTimeField(allow_null=True, help_text="A later yes counts.")

    @extend_schema_field({"type": "string"})
    def get_url(self, terms: Terms) -> str:
        return settings.PUBLIC_URL + terms.get_absolute_url()


class WholeTermsSerializer(TermsSerializer):
    """The same with its text."""

    text = serializers.CharField(help_text="Markdown, as it was published.", trim_whitespace=False)


class TermsListSerializer(ListAnswer):
    """Every version that is in force or will be."""

    data = TermsSerializer(many=True)


class TermsListView(ApiView):
    scopes = {"get": Scope.ACCOUNT_READ}

    @_describe(
        "listTerms",
        "The terms in force and those that will be, each with its hash and when you accepted it. "
        "No program accepts or declines: that takes yourself, on the page *Terms*.",
        TermsListSerializer,
    )
    def get(self, request: ArtistApiRequest) -> Response:
        found = _answered(Terms.objects.in_force() | Terms.objects.upcoming(), by=request.user)
        return Response(TermsListSerializer({"data": in_reading_order(found.defer("text"))}).data)


class TermsView(ApiView):
    scopes = {"get": Scope.ACCOUNT_READ}

    @_describe(
        "retrieveTerms",
        "One version with its Markdown, one that is not in force any more too.",
        WholeTermsSerializer,
        404,
        parameters=(KIND, VERSION),
    )
    def get(self, request: ArtistApiRequest, kind: str, version: int) -> Response:
        published = _answered(Terms.objects.published(), by=request.user)
        terms = published.filter(kind=kind, version=version).first()
        if terms is None:
            raise NoSuchTerms
        return Response(WholeTermsSerializer(terms).data)


def _answered(terms: TermsQuerySet, *, by: Artist) -> TermsQuerySet:
    """Let each version know when somebody said yes or no to it."""
    yes = Acceptance.objects.filter(terms=OuterRef("pk"), artist=by)
    no = Decline.objects.filter(terms=OuterRef("pk"), artist=by)
    return terms.annotate(
        accepted_at=Subquery(yes.values("accepted_at")),
        declined_at=Subquery(no.values("declined_at")),
    )
