from django.urls import path

from generations.webhooks.api import (
    EndpointsView,
    EndpointView,
    EventTypesView,
    RotateView,
    TestView,
)

urlpatterns = [
    path("webhook_endpoints", EndpointsView.as_view(), name="webhook_endpoints"),
    path("webhook_endpoints/<str:endpoint_id>", EndpointView.as_view(), name="webhook_endpoint"),
    path(
        "webhook_endpoints/<str:endpoint_id>/rotate_secret",
        RotateView.as_view(),
        name="webhook_rotate_secret",
    ),
    path("webhook_endpoints/<str:endpoint_id>/test", TestView.as_view(), name="webhook_test"),
    path("webhook_event_types", EventTypesView.as_view(), name="webhook_event_types"),
]
