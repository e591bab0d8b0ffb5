"""The product's settings, with a home of their own for the tests and a cheap password hash.

SQLite keeps the tests' database in a file, as the product does: in memory, threads do not wait
for one another.
"""

import atexit
import os
import shutil
import tempfile

if "GREENROOM_HOME" not in os.environ:
    os.environ["GREENROOM_HOME"] = tempfile.mkdtemp(prefix="greenroom-tests-")
    atexit.register(shutil.rmtree, os.environ["GREENROOM_HOME"], ignore_errors=True)
os.environ.setdefault("GREENROOM_SECRET_KEY", "known to the tests alone")
os.environ.setdefault("GREENROOM_EMAIL_URL", "filemail://")

from portal.settings import *  # noqa: F403
from portal.settings import CACHES, DATABASES, HOME, STATIC_ROOT, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
if DATABASES["default"]["ENGINE"] == "portal.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": HOME / "test.sqlite3"}
if "LOCATION" in CACHES["default"] and "PYTEST_XDIST_WORKER" in os.environ:
    # Each worker empties its own between tests, and not what another has just put there.
    CACHES["default"]["LOCATION"] = HOME / "caches" / os.environ["PYTEST_XDIST_WORKER"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
