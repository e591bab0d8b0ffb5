"""oEmbed (https://oembed.com): what a share is, for a site on which its address was posted."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from xml.etree import ElementTree as ET

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from generations.models import Share
from generations.sharing import previews

OF_A_SHARE = ("generations:share", "generations:share_embed")
SIDE_MAX = 10_000  # pixels
# What no XML 1.0 may hold, not even escaped (https://www.w3.org/TR/xml/#charsets).
NOT_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AskedForm(forms.Form):
    url = forms.CharField(max_length=500)
    format = forms.CharField(required=False, max_length=10)
    maxwidth = forms.IntegerField(required=False, min_value=1, max_value=SIDE_MAX)
    maxheight = forms.IntegerField(required=False, min_value=1, max_value=SIDE_MAX)


@login_not_required
@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Tell of a share at an address of our own; of any other, and of a page that ended, 404.

    A share behind a password answers 401 and another format 501, as the standard has it.
    """
    form = AskedForm(request.GET)
    if not form.is_valid():
        return _plain("Give url, the address of a public page here.", HTTPStatus.BAD_REQUEST)
    asked = form.cleaned_data
    write = WRITERS.get(asked["format"] or "json")
    if write is None:
        return _plain("There are json and xml.", HTTPStatus.NOT_IMPLEMENTED)
    share = _find(asked["url"])
    if share.is_locked:
        return _plain("This page is behind a password.", HTTPStatus.UNAUTHORIZED)
    width = min(asked["maxwidth"] or SIDE_MAX, previews.EMBED_MAX[0])
    height = min(asked["maxheight"] or SIDE_MAX, previews.EMBED_MAX[1])
    answer = write(previews.oembed(share, width=width, height=height))
    answer["Access-Control-Allow-Origin"] = "*"  # all of it is public
    return answer


def _find(address: str) -> Share:
    """Return the standing share that an address of ours names. Raises Http404."""
    begin = f"{settings.PUBLIC_URL}/"
    if not address.startswith(begin):
        raise Http404
    path = "/" + address.removeprefix(begin).partition("?")[0].partition("#")[0]
    try:
        match = resolve(path)
    except Resolver404 as error:
        raise Http404 from error
    if match.view_name not in OF_A_SHARE:
        raise Http404
    standing = Share.objects.standing().select_related("submission__rendition")
    share = standing.filter(slug=match.kwargs["slug"]).first()
    if share is None:
        raise Http404
    return share


def _as_xml(told: dict[str, Any]) -> HttpResponse:
    root = ET.Element("oembed")
    for name, value in told.items():
        ET.SubElement(root, name).text = NOT_OF_XML.sub("\ufffd", str(value))
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8")


WRITERS: dict[str, Callable[[dict[str, Any]], HttpResponse]] = {
    "json": JsonResponse,
    "xml": _as_xml,
}


def _plain(words: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)
