"""The templates keep the house rules: they compile, nothing is inline, no host but ours."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static"
NAMES = sorted(
    str(path.relative_to(TEMPLATES))
    for path in TEMPLATES.rglob("*.html")
    if "admin" not in path.parts
)
DATA_BLOCK = re.compile(r'<script type="application/ld\+json">\{\{ \w+\|json_ld \}\}</script>')
"""What a browser reads and never runs (C-51): one value, escaped by the one filter."""
TEXTS = {name: (TEMPLATES / name).read_text() for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    assert get_template(name).template.name == name


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_inline_and_no_foreign_host_is_named(name):
    text = TEXTS[name]

    assert re.findall(r"\sstyle=|\son[a-z]+=|javascript:|<style", text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", DATA_BLOCK.sub("", text)) == []
    assert re.findall(r"https?://(?!www\.w3\.org)", text) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_words_bypass_translation(name):
    """Chinese stands in the catalogue, not in templates; the shop's own name is a name."""
    assert re.findall(r"[\u4e00-\u9fff]+", TEXTS[name].replace("集市", "")) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_post_form_carries_the_csrf_token(name):
    """But the sandbox cashier's: it plays the provider, outside the shop."""
    if name == "orders/sandbox_cashier.html":
        return
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", TEXTS[name], re.S):
        assert "{% csrf_token %}" in form


def test_every_icon_used_is_drawn():
    drawn = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))
    used = {icon for text in TEXTS.values() for icon in re.findall(r'{% icon "([\w-]+)" %}', text)}

    assert used <= drawn


def test_scripts_name_only_modules_that_exist():
    for module in (STATIC / "js").glob("*.js"):
        for path in re.findall(r'from "\./([\w.-]+)"', module.read_text()):
            assert (STATIC / "js" / path).is_file()
