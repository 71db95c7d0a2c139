from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    name = "mall.console"
    verbose_name = _("Workbench")
    default = True


class ConsoleAdminConfig(admin_apps.AdminConfig):
    """django.contrib.admin with our site as its default, in place of unfold's."""

    default = False
    default_site = "mall.console.site.ConsoleSite"
