"""How django-unfold looks and what it calls: our palette on its scales. Read by settings."""

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

# Warm paper from ground to ink, then pine; unfold takes 600 on light and 500 on dark surfaces.
PAPER = {
    "50": "#FAF5EC",
    "100": "#F3EBDE",
    "200": "#E8DDCC",
    "300": "#CFC3B5",
    "400": "#A89B8D",
    "500": "#73665A",
    "600": "#5C5045",
    "700": "#3B322B",
    "800": "#2B241F",
    "900": "#211B17",
    "950": "#16120F",
}
PINE = {
    "50": "#F1F7F4",
    "100": "#E2EFE8",
    "200": "#CFE5DA",
    "300": "#B9D6C9",
    "400": "#9BD5C0",
    "500": "#82CBB1",
    "600": "#1B5646",
    "700": "#15392F",
    "800": "#123D32",
    "900": "#0F2A23",
    "950": "#0B201A",
}
FONT = {
    "subtle-light": PAPER["500"],
    "subtle-dark": PAPER["400"],
    "default-light": PAPER["600"],
    "default-dark": PAPER["300"],
    "important-light": "#261D16",
    "important-dark": "#F6EFE5",
}

UNFOLD: dict[str, object] = {
    "SITE_TITLE": "mall.console.branding.title",
    "SITE_HEADER": "mall.console.branding.name",
    "SITE_SUBHEADER": _("Console"),
    "SITE_SYMBOL": "storefront",
    "SITE_ICON": "mall.console.branding.logo",
    "SITE_FAVICONS": [{"rel": "icon", "href": "mall.console.branding.logo"}],
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": "mall.console.language.switch_url"},
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": "mall.console.branding.colours",
    "BORDER_RADIUS": "8px",
    "STYLES": [
        lambda request: static("css/tokens.css"),
        "mall.console.branding.stylesheet",
        lambda request: static("css/console.css"),
    ],
    "SCRIPTS": [lambda request: static("js/console.js")],
    "DASHBOARD_CALLBACK": "mall.console.workbench.dashboard",
    "SIDEBAR": {"show_search": True, "navigation": "mall.console.navigation.sidebar"},
}
