"""Settings of the tests: the demo's, on real servers that are started when none is configured."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from mall.kernel.testing.provision import provide_servers
from mall.runner.messages import compile_stale

os.environ["MALL_DEMO"] = "1"
os.environ["PAGE_CACHE_SECONDS"] = "0"  # tests of the cache switch it on
compile_stale()
provide_servers()

from mall.settings import *  # noqa: E402, F403 - after the environment they read

TEST_DIR = Path(tempfile.mkdtemp(prefix="mall-test-"))
atexit.register(shutil.rmtree, TEST_DIR, ignore_errors=True)
MEDIA_ROOT = TEST_DIR / "media"
SANDBOX_KEY_DIR = TEST_DIR / "sandbox"
STATIC_ROOT = TEST_DIR / "static"
STATIC_ROOT.mkdir()

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # speed; no secret is kept here
