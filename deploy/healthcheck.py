"""Is the web container healthy? 0 when /healthz answers 200, asked under a name of the site."""

import os
import sys
import urllib.request

host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 - a fixed http address
        sys.exit(0 if answer.status == 200 else 1)
except OSError:
    sys.exit(1)
