"""A file of goods that comes in while others buy (F-40), and how far it is. Needs Django."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bench.placing.plan import BROUGHT_IN, Plan
from catalog.services import read_shipload
from inventory.testing import make_warehouse
from mall.console import importing

HEADER = "product_code,title_zh,category,status,price_yuan,stock,option:颜色\n"
COLOURS = ("红色", "白色")


def bring_in_goods(plan: Plan, folder: Path, at: datetime) -> None:
    """Write the file and bring it in as the back office does, batch for batch."""
    file = folder / "shipload.csv"
    rows = (
        f"NEW{n:06d},轻巧水壶{n},水壶 > 水壶{n % 10},on_sale,{10 + n % 900},9,{colour}\n"
        for n in range(plan.imported)
        for colour in COLOURS
    )
    file.write_text(HEADER + "".join(rows), encoding="utf-8")

    def tell(done: int, _whole: int) -> None:
        (folder / BROUGHT_IN).write_text(str(done))

    importing.bring_in(
        read_shipload(file), at=at, warehouse=make_warehouse(code="NEW"), progress=tell
    )
