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
if worker := os.environ.pop("PYTEST_XDIST_WORKER", ""):  # each has files of its own
    os.environ["GREENROOM_HOME"] = os.path.join(os.environ["GREENROOM_HOME"], worker)
    os.makedirs(os.environ["GREENROOM_HOME"], exist_ok=True)
os.environ.setdefault("GREENROOM_SECRET_KEY", "known to the tests alone")
os.environ.setdefault("GREENROOM_EMAIL_URL", "filemail://")

from portal.settings import *  # noqa: F403
from portal.settings import DATABASES, HOME, STATIC_ROOT, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
if DATABASES["default"]["ENGINE"] == "portal.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": HOME / "test.sqlite3"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
