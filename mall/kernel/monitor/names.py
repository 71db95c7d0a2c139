"""What signals and timers both call by name."""

HEARTBEAT_KEY = "kernel.worker_seen_at"
HEARTBEAT_KEPT_SECONDS = 3600
QUIET = frozenset({"kernel.relay_outbox"})  # runs too often to be worth a row
