"""django-oscar beside ours: asked the same, shown as shares of H, and never shown when it was not
asked. Its program itself is not started here: it comes from the package index."""

import csv

import pytest

from bench.shop import peer
from bench.shop.peer import installed, last_line, requests
from bench.shop.plan import ADD, FULL, GOALS
from bench.shop.verdict import CACHED, UNCACHED, Shop, as_json, peer_table
from bench.shop.world import open_shop, write_goods
from mall.kernel import clock
from mall.runner.system import RunnerError
from mall.tests.source import PROJECT
from mall.tests.test_shop_bench import asked

WORLD = {
    "goods": [{"product": 7, "sku": 9}],
    "words": ["茶壶"],
    "category_paths": ["/catalogue/category/tea_1/"],
    "product_paths": ["/catalogue/pot_7/"],
}


def shop(products: int, **values) -> Shop:
    found = {CACHED: {"home": asked(600)}, UNCACHED: {"home": asked(100), ADD: asked(50)}}
    return Shop(products, 1000.0, found, **values)


def test_it_is_asked_for_its_own_pages_of_the_same_goods():
    found = requests(WORLD, 8080)

    assert set(found) == {goal.name for goal in GOALS if not goal.name.endswith("API")}
    assert found["product"][0].startswith(b"GET /catalogue/pot_7/ HTTP/1.1\r\n")
    assert b"q=%E8%8C%B6%E5%A3%B6 " in found["search"][0]
    head, _empty, form = found[ADD][0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /basket/add/7/ ")
    token = form.partition(b"&")[0].removeprefix(b"csrfmiddlewaretoken=")
    assert b"Cookie: csrftoken=" + token in head


def test_the_table_shows_both_as_shares_of_the_same_view():
    told = peer_table([shop(1_000, peer={"home": asked(5), ADD: asked(25)})], "django-oscar")

    home, add = told.splitlines()[1:]
    assert home.split() == ["1,000", "home", "0.600", "0.100", "0.0050", "20.0x", "10.0", "10.0"]
    assert add.split()[:6] == ["1,000", "add", "to", "cart", "-", "0.050"]


def test_a_size_without_it_says_why_and_shows_no_figure():
    told = peer_table([shop(100_000, no_peer="not installed: no such package")], "django-oscar")

    assert told.splitlines()[1:] == ["    100,000  oscar: not run: not installed: no such package"]
    found = as_json([shop(100_000, no_peer="not installed")], "2 x test")
    assert found["oscar_not_run"] == {100_000: "not installed"}
    assert {row["way"] for row in found["rows"]} == {CACHED, UNCACHED}


def test_what_cannot_be_installed_says_the_last_that_pip_said(tmp_path, monkeypatch):
    wrong = tmp_path / "requirements.txt"
    wrong.write_text("./no-such-folder\n")
    monkeypatch.setattr(peer, "REQUIREMENTS", wrong)
    monkeypatch.setattr(peer, "_run", lambda *_: (_ for _ in ()).throw(RunnerError("no way")))

    with pytest.raises(RunnerError, match="no way"):
        installed(tmp_path / "venv")

    assert not (tmp_path / "venv" / "installed").exists()
    assert last_line("a\nERROR: No matching distribution\n\n") == "ERROR: No matching distribution"


def test_what_is_installed_is_not_installed_again(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(peer, "_run", lambda command, _patience: done.append(command[2]))
    (tmp_path / "venv").mkdir()

    def install():
        (tmp_path / "venv").mkdir(exist_ok=True)
        return installed(tmp_path / "venv")

    monkeypatch.setattr(peer.shutil, "rmtree", lambda *_args, **_values: None)
    assert install() == install() == tmp_path / "venv" / "bin" / "python"
    assert done == ["venv", "pip"]


def test_a_program_that_fails_or_hangs_or_is_not_there_is_a_reason():
    with pytest.raises(RunnerError, match="^boom$"):
        peer._run(["sh", "-c", "echo boom >&2; exit 3"], 10)
    with pytest.raises(RunnerError, match="longer than"):
        peer._run(["sleep", "5"], 0.1)
    with pytest.raises(RunnerError, match="nowhere does not start"):
        peer._run(["/nowhere"], 1)


@pytest.mark.django_db
def test_the_goods_are_written_down_as_they_are_sold(tmp_path):
    open_shop(6, 6, 2, at=clock.now())

    write_goods(str(tmp_path / "goods.csv"))

    with (tmp_path / "goods.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    assert {row["category_title"] for row in rows} == {"耳机", "茶壶"}
    assert len({row["id"] for row in rows}) == len({row["slug"] for row in rows}) == 6
    assert {row["pieces"] for row in rows} == {"100000"}
    assert all(int(row["price_fen"]) >= 9_000 for row in rows)


def test_it_is_asked_at_sizes_that_ours_is_asked_at_and_names_its_release():
    wanted = (PROJECT / "bench/shop/oscar/requirements.txt").read_text()

    assert set(FULL.peer_sizes) < set(FULL.sizes)
    assert "django-oscar==4.2." in wanted
