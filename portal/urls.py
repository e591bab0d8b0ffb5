from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from portal.api import NoSuchRoute
from portal.favicon import favicon
from portal.health import healthz, readyz
from portal.openapi.describing import ApiDescriptionView
from portal.openapi.reference import reference

urlpatterns: list[URLPattern | URLResolver] = [
    # The API first: a request of a program would else be held against every page's address.
    path("v1/", include("generations.prompts.api_urls")),
    path("v1/openapi.json", ApiDescriptionView.as_view(), name="api_schema_of_v1"),
    path("favicon.ico", favicon, name="favicon"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("", include("artists.programs.urls")),
    path("", include("artists.urls")),
    path("", include("generations.urls")),
    path("api/", reference, name="api_reference"),
    path("api/schema/", ApiDescriptionView.as_view(), name="api_schema"),
    path("api/", include("generations.api_urls")),
    re_path(r"^(?:v1(?:/.*)?|api/.*)$", NoSuchRoute.as_view(), name="api_no_such_route"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("artists.accounts.demo")))
