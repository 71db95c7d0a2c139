"""`python -m mall.runner run|servers|check`: see `make help`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from mall.runner import places
from mall.runner.servers import Postgres, Redis
from mall.runner.system import RunnerError


def serve(var: Path, *, durable: bool, env_file: Path | None) -> int:
    """Run only the two servers, in the foreground."""
    there = places.prepare(var)
    lock = places.FolderLock(there.run / "lock")
    if not lock.take():
        raise RunnerError(f"{var} is in use by pid {lock.owner()}")
    servers = [Postgres(there, durable=durable), Redis(there, durable=durable, databases=256)]
    try:
        for server in servers:
            server.start()
        lines = f"export DATABASE_URL={servers[0].url}\nexport REDIS_URL={servers[1].url}\n"
        print(lines, end="", flush=True)
        if env_file:
            env_file.write_text(lines)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    finally:
        for server in reversed(servers):
            server.stop()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m mall.runner", description=__doc__)
    parser.add_argument("command", choices=["servers"])
    parser.add_argument("--var", type=Path, default=places.default_var())
    parser.add_argument("--fast", action="store_true", help="no fsync: for tests")
    parser.add_argument("--env-file", type=Path)
    options = parser.parse_args()
    try:
        return serve(options.var, durable=not options.fast, env_file=options.env_file)
    except RunnerError as error:
        print(f"mall: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    sys.exit(main())
