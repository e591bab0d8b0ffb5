from django.urls import include, path

from generations.prompts.api import RemixView, VideosView, VideoView
from generations.prompts.api_content import VideoContentView
from generations.prompts.api_models import ModelsView, ModelView
from generations.prompts.api_quota import QuotaView
from generations.prompts.api_unsupported import UnsupportedView

EDITS = UnsupportedView.as_view(
    what="Videos cannot be edited here. Make a remix of one: POST /v1/videos/{id}/remix."
)
EXTENSIONS = UnsupportedView.as_view(
    what="Videos cannot be extended here. Make a longer one, or one from a first image."
)
CHARACTERS = UnsupportedView.as_view(
    what="There are no characters here. Describe who is seen in the prompt, or send a first image."
)

app_name = "api"
urlpatterns = [
    path("videos", VideosView.as_view(), name="videos"),
    path("videos/edits", EDITS, name="video_edits"),
    path("videos/extensions", EXTENSIONS, name="video_extensions"),
    path("videos/characters", CHARACTERS, name="video_characters"),
    path("videos/characters/<str:character_id>", CHARACTERS, name="video_character"),
    path("videos/<str:video_id>", VideoView.as_view(), name="video"),
    path("videos/<str:video_id>/content", VideoContentView.as_view(), name="video_content"),
    path("videos/<str:video_id>/remix", RemixView.as_view(), name="video_remix"),
    path("models", ModelsView.as_view(), name="models"),
    path("models/<str:name>", ModelView.as_view(), name="model"),
    path("", include("generations.webhooks.api_urls")),
    path("quota", QuotaView.as_view(), name="quota"),
]
