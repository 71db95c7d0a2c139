"""The mall's settings, and the apps that bring the migrations of the rehearsal."""

from mall.settings import *  # noqa: F403
from mall.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "bench.live.app.apps.LiveConfig", "bench.live.control.apps.ControlConfig"]
