from django.urls import path

from generations.prompts.api import VideoContentView, VideosView, VideoView

app_name = "api"
urlpatterns = [
    path("videos", VideosView.as_view(), name="videos"),
    path("videos/<str:video_id>", VideoView.as_view(), name="video"),
    path("videos/<str:video_id>/content", VideoContentView.as_view(), name="video_content"),
]
