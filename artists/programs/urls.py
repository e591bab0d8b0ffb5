"""The names are those that allauth's own pages have: it leads people to them."""

from django.urls import include, path

from artists.programs import views

doors = [
    path("device", views.device, name="device_authorization"),
    path("oauth/device/code", views.device_code, name="device_code"),
    path("oauth/token", views.token, name="token"),
    path("oauth/revoke", views.revoke, name="revoke"),
]

app_name = "idp"
urlpatterns = [path("", include((doors, "oidc")))]
