"""The programme's public gallery, and what search engines are told of it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as write_sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from generations.gallery.paging import page_after
from generations.links import absolute
from generations.models import Portfolio, Share

SITEMAP_MAX = 5000  # of each kind, the newest; a map may name 50,000 addresses
CLOSED = ("/accounts/", "/admin/", "/api/", "/v1/", "/oembed/", "/s/*/report/")


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every share that its artist did not keep out of it, the newest first."""
    page = page_after(request.GET.get("after", ""))
    if page is None:
        raise Http404
    name = "_gallery_page.html" if "HX-Request" in request.headers else "gallery.html"
    answer = render(request, f"generations/{name}", {"page": page})
    answer["Cache-Control"] = "no-cache"
    return answer


class Findable(Sitemap):
    """Addresses at which search engines may look, as the public reaches them."""

    def get_domain(self, site: Any = None) -> str:
        return settings.PUBLIC_URL.partition("://")[2]

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.PUBLIC_URL.partition("://")[0]


class FindableShares(Findable):
    def items(self) -> list[Share]:
        return list(Share.objects.findable().only("slug", "created_at")[:SITEMAP_MAX])

    def lastmod(self, share: Share) -> Any:
        return share.created_at


class FindablePortfolios(Findable):
    def items(self) -> list[Portfolio]:
        findable = Portfolio.objects.open().filter(is_findable=True).order_by("-pk")
        return list(findable.only("address")[:SITEMAP_MAX])


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    maps: dict[str, Any] = {"shares": FindableShares, "portfolios": FindablePortfolios}
    return write_sitemap(request, maps)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What needs no visit. A page that its artist wants unlisted says so itself."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    words = f"User-agent: *\n{closed}\nSitemap: {absolute('sitemap')}\n"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")
