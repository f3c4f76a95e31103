"""The settings under test: the real ones, over a data folder that lives as long as the process."""

import atexit
import os
import shutil
import tempfile

# A server that a test started shares the folder and the database of that test.
SHARED_DATABASE = os.environ.get("FILROUGE_TEST_DATABASE")
if not SHARED_DATABASE:
    os.environ["FILROUGE_DATA"] = tempfile.mkdtemp(prefix="filrouge-test-")
    atexit.register(shutil.rmtree, os.environ["FILROUGE_DATA"], ignore_errors=True)

from filrouge.settings import *  # noqa: E402, F403
from filrouge.settings import DATA, DATABASES, STORAGES  # noqa: E402

_default = DATABASES["default"]
ON_POSTGRESQL = _default["ENGINE"] == "django.db.backends.postgresql"
if SHARED_DATABASE:
    _default["NAME"] = SHARED_DATABASE
elif not ON_POSTGRESQL:
    # A file, not memory: threads and other processes see it, as they do in real life.
    _default["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
if not ON_POSTGRESQL:
    # The power will not fail on a test, and its disk may be slow.
    _options = _default["OPTIONS"]
    assert isinstance(_options, dict)
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
if not SHARED_DATABASE:
    (DATA / "static").mkdir()
    # Pages render without collectstatic; the live server has the real files.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Argon2 is slow on purpose; a test signs in many times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Counts are what they are at this moment.
KEPT_SECONDS = 0

# Everybody's first token has the same number in every test; its limit has tests of its own.
API_PER_MINUTE = 1_000_000
