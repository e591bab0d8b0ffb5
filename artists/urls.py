from django.urls import URLPattern, path

from artists.access import views as access
from artists.admissions import views as admissions

app_name = "artists"
urlpatterns: list[URLPattern] = [
    path("invitations/<str:secret>/", admissions.open_invitation, name="invitation"),
    path("tokens/", access.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", access.revoke_token, name="revoke_token"),
    path("tokens/<int:token_id>/limits/", access.set_limits, name="set_token_limits"),
]
