from django.urls import URLPattern, path

from artists.access import views as access
from artists.admissions import views as admissions
from artists.quotas import views as quotas
from artists.trail import views as trail

app_name = "artists"
urlpatterns: list[URLPattern] = [
    path("invitations/<str:secret>/", admissions.open_invitation, name="invitation"),
    path("tokens/", access.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", access.revoke_token, name="revoke_token"),
    path("tokens/<int:token_id>/limits/", access.set_limits, name="set_token_limits"),
    path("audit/", trail.trail, name="trail"),
    path("audit/export/<slug:form>/", trail.export, name="trail_export"),
    path("quotas/<slug:scope>/", quotas.quotas, name="quotas"),
    path("quotas/<slug:scope>/set/", quotas.set_ceiling, name="set_ceiling"),
    path("quotas/<slug:scope>/raise/", quotas.raise_limit, name="raise_limit"),
    path("quotas/limits/<int:limit_id>/end/", quotas.end_limit, name="end_limit"),
    path("quotas/raises/<int:raise_id>/end/", quotas.end_raise, name="end_raise"),
    path("quotas/entries/<int:entry_id>/undo/", quotas.undo, name="undo"),
]
