"""The WSGI entry point, for granian and any other server."""

import os

from django.core.wsgi import get_wsgi_application

from portal.turns import in_turn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = in_turn(get_wsgi_application())

from portal import uploads  # noqa: E402  (it reads the settings)

uploads.remove_old()  # of a machine that has web alone, too
