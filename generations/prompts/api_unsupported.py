"""What clients of this API's shape may ask for, and no portal can do."""

from rest_framework.request import Request

from generations.prompts.api_errors import NotSupported
from portal.api import ApiView


class UnsupportedView(ApiView):
    """An endpoint that says that it is none, and what there is in its place."""

    authentication_classes = []
    permission_classes = []
    what: str = ""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise NotSupported(self.what)
