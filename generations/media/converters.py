"""Path converters."""

from django.urls.converters import StringConverter

from generations.models import Rendition


class RenditionKindConverter(StringConverter):
    regex = "|".join(Rendition.Kind.values)
