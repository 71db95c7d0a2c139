"""The web server of production: processes of one request each, behind a proxy that waits for slow
clients (docs/adr/0016-processes-not-threads.md)."""

import os

bind = "0.0.0.0:8000"  # noqa: S104 - inside the container; only the proxy reaches it
worker_class = "sync"
workers = int(os.environ.get("WEB_WORKERS", "8"))
preload_app = True
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat file must not wait for a disk
max_requests = 5000
max_requests_jitter = 500
graceful_timeout = 30
timeout = 60
accesslog = "-"
control_socket_disable = True
