"""The web server of production: threads, for requests wait for PostgreSQL more than compute."""

import os

bind = "0.0.0.0:8000"  # noqa: S104 - inside the container; only the proxy reaches it
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat file must not wait for a disk
max_requests = 5000
max_requests_jitter = 500
graceful_timeout = 30
timeout = 60
accesslog = "-"
control_socket_disable = True
