"""Settings of the suite: the product's own, on a folder that is thrown away."""

import atexit
import os
import shutil
import tempfile

os.environ["SAMVERK_DATA"] = tempfile.mkdtemp(prefix="samverk-tests-")
os.environ.setdefault("SAMVERK_LANGUAGE", "en")
atexit.register(shutil.rmtree, os.environ["SAMVERK_DATA"], ignore_errors=True)

from samverk.config.settings import *  # noqa: E402, F403
from samverk.config.settings import ALLOWED_HOSTS, DATABASES, SAMVERK_DATA, STORAGES, TEMPLATES  # noqa: E402
from tests.house.strict import UnknownVariable  # noqa: E402

ALLOWED_HOSTS += ["testserver"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable()
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file and not memory: the live server and the worker have connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(SAMVERK_DATA / "test.sqlite3")}
# Tests write rows without the trail, too; the kept pages have tests of their own.
KEPT_PAGE_SECONDS = 0
