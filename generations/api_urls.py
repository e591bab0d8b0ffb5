"""/api: what a person's own tools learn and do beside making videos, which is /v1."""

from django.urls import path

from artists.access.api import TokensView, TokenView
from artists.terms.api import TermsListView, TermsView
from generations.account.api import MeView
from generations.appeals.api import (
    AppealMessagesView,
    AppealView,
    PromptAppealMessagesView,
    PromptAppealView,
)
from generations.appeals.refused_api import RefusedPromptsView, RefusedPromptView
from generations.library.api import SubmissionsView, SubmissionView
from generations.prompts.api_quota import AccountQuotaView
from generations.sharing.api import ShareView
from generations.taking.api import ExportContentView, ExportsView, ExportView

app_name = "account"
urlpatterns = [
    path("me", MeView.as_view(), name="me"),
    path("quota", AccountQuotaView.as_view(), name="quota"),
    path("tokens", TokensView.as_view(), name="tokens"),
    path("tokens/<int:token_id>", TokenView.as_view(), name="token"),
    path("terms", TermsListView.as_view(), name="terms"),
    path("terms/<terms_kind:kind>/<int:version>", TermsView.as_view(), name="terms_version"),
    path("exports", ExportsView.as_view(), name="exports"),
    path("exports/<uuid:export_id>", ExportView.as_view(), name="export"),
    path("exports/<uuid:export_id>/content", ExportContentView.as_view(), name="export_content"),
    path("submissions", SubmissionsView.as_view(), name="submissions"),
    path("submissions/<uuid:submission_id>/share", ShareView.as_view(), name="share"),
    path("submissions/<uuid:submission_id>/appeal", AppealView.as_view(), name="appeal"),
    path(
        "submissions/<uuid:submission_id>/appeal/messages",
        AppealMessagesView.as_view(),
        name="appeal_messages",
    ),
    path("submissions/<uuid:submission_id>", SubmissionView.as_view(), name="submission"),
    path("refused_prompts", RefusedPromptsView.as_view(), name="refused_prompts"),
    path("refused_prompts/<uuid:refused_id>", RefusedPromptView.as_view(), name="refused_prompt"),
    path(
        "refused_prompts/<uuid:refused_id>/appeal",
        PromptAppealView.as_view(),
        name="prompt_appeal",
    ),
    path(
        "refused_prompts/<uuid:refused_id>/appeal/messages",
        PromptAppealMessagesView.as_view(),
        name="prompt_appeal_messages",
    ),
]
