"""`python -m mall.runner run|install|servers|check|messages`: what stands behind the Makefile.

Runs on the system's Python before .venv exists, so this package uses the standard library only.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)

if sys.version_info < OLDEST_PYTHON:
    sys.exit("mall: Python 3.11 or newer is needed (PYTHON=python3.12 make run picks another one).")

from mall.runner import backups, machine, messages, packages, places, running, sharing  # noqa: E402
from mall.runner.progress import Steps  # noqa: E402
from mall.runner.supervisor import Stopped  # noqa: E402
from mall.runner.system import RunnerError, die_with_parent  # noqa: E402


def install(var: Path, *, for_tests: bool) -> int:
    """Bring .venv up to date; silent when there is nothing to do."""
    files = packages.TEST_FILES if for_tests else packages.RUN_FILES
    if not packages.is_installed(files):
        there = places.prepare(var)
        with Steps(1).step("Python packages") as step:
            packages.install(files, step, there.logs / "install.log")
    return 0


def check(*, for_checks: bool) -> int:
    """Name what the machine lacks for the tests, and the line that brings it."""
    missing = machine.missing_packages(for_checks=for_checks)
    if missing:
        raise RunnerError(f"missing: {', '.join(missing)}. Run: {machine.apt_line(missing)}")
    return 0


def translate(*, gather: bool, check_only: bool) -> int:
    """Compile the translations, or say what they lack."""
    if check_only:
        messages.check()
        return 0
    if gather:
        messages.gather()
    messages.compile_stale()
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mall.runner", description=__doc__)
    parser.add_argument(
        "--var", type=Path, default=places.default_var(), help="data folder (MALL_VAR)"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="install, prepare and run the demo mall")
    servers = commands.add_parser("servers", help="run PostgreSQL and Redis only")
    servers.add_argument("--fast", action="store_true", help="no fsync: data may be lost")
    servers.add_argument("--env-file", type=Path, help="write the two export lines here")
    needed = commands.add_parser("install", help="fill .venv from the locked requirements")
    needed.add_argument("--for-tests", action="store_true")
    checked = commands.add_parser("check", help="what system packages do the tests lack?")
    checked.add_argument("--for-checks", action="store_true")
    texts = commands.add_parser("messages", help="compile the translations")
    texts.add_argument("--gather", action="store_true", help="collect the texts to translate first")
    texts.add_argument("--check", action="store_true", help="fail when a text lacks a translation")
    commands.add_parser("backup", help="back up the running mall's PostgreSQL")
    restored = commands.add_parser("restore", help="put the stopped mall back to a moment")
    restored.add_argument("to", nargs="?", default="", help="such as '2026-11-11 20:00:00+08'")
    commands.add_parser("keep", help="(internal) keep the shared test servers")
    return parser.parse_args()


def dispatch(options: argparse.Namespace) -> int:
    match options.command:
        case "run":
            return running.run(options.var)
        case "servers":
            return running.serve(options.var, durable=not options.fast, env_file=options.env_file)
        case "install":
            return install(options.var, for_tests=options.for_tests)
        case "check":
            return check(for_checks=options.for_checks)
        case "messages":
            return translate(gather=options.gather, check_only=options.check)
        case "backup":
            return backups.back_up(options.var)
        case "restore":
            return backups.restore(options.var, options.to)
        case _:
            return sharing.keep(options.var)


def main() -> int:
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM)  # a killed `make` must not leave the mall running unseen
    options = parse()
    try:
        return dispatch(options)
    except RunnerError as error:
        print(f"mall: {error}", file=sys.stderr)
        return 1
    except (Stopped, KeyboardInterrupt):
        return 130


if __name__ == "__main__":
    sys.exit(main())
