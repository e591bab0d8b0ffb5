from django.urls import URLPattern, path, register_converter

from artists.access import views as access
from artists.access.refused import refused_uses
from artists.accounts import reset_views
from artists.accounts import views as accounts
from artists.admissions import managing
from artists.admissions import views as admissions
from artists.applications import public, rounds
from artists.applications import views as applications
from artists.letters import views as letters
from artists.quotas import views as quotas
from artists.roles import views as roles
from artists.terms import managing as managed_terms
from artists.terms import views as terms
from artists.terms.converters import TermsKindConverter
from artists.trail import views as trail

register_converter(TermsKindConverter, "terms_kind")

app_name = "artists"
urlpatterns: list[URLPattern] = [
    path("invitations/<str:secret>/", admissions.open_invitation, name="invitation"),
    path("profile/", accounts.profile, name="profile"),
    path("people/<int:artist_id>/picture/", accounts.picture, name="picture"),
    path("sessions/", accounts.sessions, name="sessions"),
    path("sessions/end-others/", accounts.end_other_sessions, name="end_other_sessions"),
    path("sessions/<int:session_id>/end/", accounts.end_session, name="end_session"),
    path("apply/", public.apply, name="apply"),
    path("apply/<int:round_id>/", public.apply_to, name="apply_to"),
    path("application/<str:secret>/", public.my_application, name="my_application"),
    path("application/<str:secret>/withdraw/", public.withdraw, name="withdraw_application"),
    path("admissions/", applications.applications, name="applications"),
    path("admissions/export/", applications.export, name="export_applications"),
    path("admissions/decide/", applications.decide, name="decide"),
    path("admissions/<uuid:application_id>/", applications.show_application, name="application"),
    path("admissions/<uuid:application_id>/score/", applications.score, name="score"),
    path("admissions/rounds/", rounds.rounds, name="rounds"),
    path("admissions/rounds/new/", rounds.edit_round, name="new_round"),
    path("admissions/rounds/<int:round_id>/", rounds.edit_round, name="round"),
    path("admissions/invitations/", managing.invitations, name="invitations"),
    path("admissions/invitations/file/", managing.invite_many, name="invite_many"),
    path("admissions/invitations/export/", managing.export, name="export_invitations"),
    path(
        "admissions/invitations/<int:invitation_id>/resend/",
        managing.resend,
        name="resend_invitation",
    ),
    path(
        "admissions/invitations/<int:invitation_id>/revoke/",
        managing.revoke,
        name="revoke_invitation",
    ),
    path("admissions/letters/", letters.letters, name="letters"),
    path("admissions/letters/<slug:kind>/", letters.letter, name="letter"),
    path("admissions/letters/<slug:kind>/reset/", letters.reset, name="reset_letter"),
    path("tokens/", access.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", access.revoke_token, name="revoke_token"),
    path("tokens/refused/", refused_uses, name="refused_uses"),
    path("tokens/<int:token_id>/", access.show_token, name="token"),
    path("tokens/<int:token_id>/rotate/", access.rotate_token, name="rotate_token"),
    path("audit/", trail.trail, name="trail"),
    path("audit/export/<slug:form>/", trail.export, name="trail_export"),
    path("roles/", roles.roles, name="roles"),
    path("roles/<int:artist_id>/", roles.roles_of, name="roles_of"),
    path("roles/<int:artist_id>/second-factors/", reset_views.reset, name="reset_factors"),
    path("roles/<slug:role>/", roles.show_role, name="role"),
    path("quotas/<slug:scope>/", quotas.quotas, name="quotas"),
    path("quotas/<slug:scope>/set/", quotas.set_ceiling, name="set_ceiling"),
    path("quotas/<slug:scope>/raise/", quotas.raise_limit, name="raise_limit"),
    path("quotas/limits/<int:limit_id>/end/", quotas.end_limit, name="end_limit"),
    path("quotas/raises/<int:raise_id>/end/", quotas.end_raise, name="end_raise"),
    path("quotas/entries/<int:entry_id>/undo/", quotas.undo, name="undo"),
    path("terms/", terms.show_terms, name="terms"),
    path("terms/accept/", terms.accept, name="accept_terms"),
    path("terms/decline/", terms.decline, name="decline_terms"),
    path("terms/manage/", managed_terms.manage, name="manage_terms"),
    path("terms/manage/<terms_kind:kind>/", managed_terms.write_draft, name="draft_terms"),
    path("terms/manage/<terms_kind:kind>/publish/", managed_terms.publish, name="publish_terms"),
    path("terms/manage/<terms_kind:kind>/discard/", managed_terms.discard, name="discard_terms"),
    path(
        "terms/manage/<terms_kind:kind>/<int:version>/",
        managed_terms.answers,
        name="terms_answers",
    ),
    path("terms/<terms_kind:kind>/<int:version>/", terms.show_version, name="terms_version"),
    path(
        "terms/<terms_kind:kind>/<int:version>/since/<int:since>/",
        terms.changes,
        name="terms_changes",
    ),
    path("terms/<terms_kind:kind>/<int:version>/terms.md", terms.markdown, name="terms_markdown"),
    path("terms/<terms_kind:kind>/<int:version>/terms.html", terms.html, name="terms_html"),
]
