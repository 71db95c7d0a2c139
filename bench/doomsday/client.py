"""The buyers: `python -m bench.doomsday.client FOLDER`, a process of its own.

FOLDER/client.json says whom to ask and how much to do. They order, pay, cancel and pay twice until
so many orders are placed; FOLDER/journal.jsonl holds what they were told, FOLDER/progress how far
they are.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

from bench.doomsday.doors import Answer, Buyer, Doors
from bench.doomsday.errand import Errand, Fate, errand
from bench.doomsday.journal import Journal

LOOKS = 20
LOOK_SECONDS = 0.5
RIVALS = 4
OTHER = {"wechatpay": "alipay", "alipay": "wechatpay"}
WAITING = frozenset({Fate.PAID_THEN_CANCELLED, Fate.RETURNED_IN_PART})
QUOTED = ("lines", "points", "coupon_grant_ids")
SCENE = {"wechatpay": "native", "alipay": "page"}
STAMPEDE = 1_000_000
"""Their errands are numbered from here on."""
MOST_UNPLACED = 4
"""Of so many errands an order in vain, the client gives up: the mall is closed."""


class Crowd:
    """All buyers of a run."""

    def __init__(self, told: dict[str, Any], folder: Path) -> None:
        self.seed: int = told["seed"]
        self.orders: int = told["orders"]
        self.world: dict[str, Any] = told["world"]
        self.at_once: int = told["at_once"]
        self.stampedes: int = told["stampedes"]
        self.doors = Doors(told["web"], told["payers"], Journal(folder / "journal.jsonl"))
        self.buyers = [
            Buyer(n, row["phone"], row["password"], row["address_id"])
            for n, row in enumerate(self.world["buyers"])
        ]
        self.progress = folder / "progress"
        self.outcomes: Counter[str] = Counter()
        self.prices: dict[str, str] = {}
        self.placed = 0
        self.first: int = told["first"]
        self.numbers = count(self.first)

    async def run(self) -> dict[str, Any]:
        """Everybody signs in, then the errands are run; what came of them."""
        await asyncio.gather(*(self.doors.sign_in(buyer) for buyer in self.buyers))
        for n in range(self.stampedes):
            await self._stampede(n)
        await asyncio.gather(*(self._work() for _n in range(self.at_once)))
        return {
            "placed": self.placed,
            "outcomes": dict(self.outcomes),
            "strange": self.doors.strange,
        }

    async def _work(self) -> None:
        while self.placed < self.orders:
            number = next(self.numbers)
            if number - self.first > self.orders * MOST_UNPLACED:
                raise RuntimeError(
                    f"{number - self.first} errands, {self.placed} orders: {self.outcomes}"
                )
            await self._do(errand(self.seed, number, len(self.buyers), self.world))

    async def _do(self, task: Errand) -> None:
        buyer = self.buyers[task.buyer]
        order = await self._order(buyer, task)
        if order is None:
            return
        self.placed += 1
        self.progress.write_text(str(self.placed))
        self.outcomes[str(task.fate)] += 1
        if order["payable_fen"] and task.fate != Fate.LEFT:
            await self._live(buyer, task, order)

    async def _order(self, buyer: Buyer, task: Errand) -> dict[str, Any] | None:
        body = dict(task.body) | {"address_id": buyer.address_id}
        if task.takes_coupon:
            path = f"promotions/coupons/{self.world['coupon_id']}/claim/"
            claimed = await self.doors.post(buyer, path, {}, key=f"claim-{task.key}")
            if claimed.is_good:
                body["coupon_grant_ids"] = [claimed.shape["id"]]
        for attempt in range(3):
            quote_hash = await self._price(buyer, body, is_fresh=attempt > 0)
            if not quote_hash:
                return None
            body["quote_hash"] = quote_hash
            answer = await self._submit(buyer, task, body, f"{task.key}-{attempt}")
            if answer.code != "orders.quote_changed":
                break
        if not answer.is_good:
            self.outcomes[f"no order: {answer.code or answer.status}"] += 1
        return answer.shape if answer.is_good else None

    async def _price(self, buyer: Buyer, body: dict[str, Any], *, is_fresh: bool) -> str:
        """The fingerprint of what it costs: asked for once a basket, like a page kept open."""
        asked = {name: body[name] for name in QUOTED if name in body}
        basket = json.dumps(asked) if "coupon_grant_ids" not in body else ""
        if basket in self.prices and not is_fresh:
            return self.prices[basket]
        quoted = await self.doors.post(
            buyer, "checkout/quote/", {**asked, "address_id": buyer.address_id}
        )
        if not quoted.is_good:
            self.outcomes[f"no quote: {quoted.code or quoted.status}"] += 1
            return ""
        if basket:
            self.prices[basket] = str(quoted.shape["quote_hash"])
        return str(quoted.shape["quote_hash"])

    async def _submit(self, buyer: Buyer, task: Errand, body: dict[str, Any], key: str) -> Answer:
        sends = [self.doors.post(buyer, "orders/", body, key=key, drop=task.is_dropped)]
        if task.is_sent_twice:
            sends.append(self.doors.post(buyer, "orders/", body, key=key))
        return (await asyncio.gather(*sends))[0]

    async def _live(self, buyer: Buyer, task: Errand, order: dict[str, Any]) -> None:
        """What the buyer does with the order."""
        number = order["number"]
        if task.fate == Fate.CANCELLED:
            await self._cancel(buyer, number)
            return
        payment_no = await self._start(buyer, number, task.provider, task.key)
        if payment_no is None:
            return
        if task.fate == Fate.PAID_AFTER_CANCEL:
            await self._cancel(buyer, number)
            await self.doors.pay(task.provider, payment_no)
        elif task.fate == Fate.CANCELLED_WHILE_PAYING:
            paying = self.doors.pay(task.provider, payment_no)
            await asyncio.gather(paying, self._cancel(buyer, number))
        elif task.fate == Fate.PAID_TWICE:
            await self._pay_twice(buyer, task, number, payment_no)
        else:
            await self.doors.pay(task.provider, payment_no)
        if task.fate in WAITING and await self._is_paid(buyer, number):
            await self._take_back(buyer, task, order)

    async def _pay_twice(self, buyer: Buyer, task: Errand, number: str, payment_no: str) -> None:
        other = OTHER[task.provider]
        second = await self._start(buyer, number, other, f"{task.key}-second")
        pays = [self.doors.pay(task.provider, payment_no)]
        if second is not None:
            pays.append(self.doors.pay(other, second))
        await asyncio.gather(*pays)

    async def _take_back(self, buyer: Buyer, task: Errand, order: dict[str, Any]) -> None:
        """Cancel what was paid, or ask for the money of one piece."""
        if task.fate == Fate.PAID_THEN_CANCELLED:
            await self._cancel(buyer, order["number"])
            return
        body = {
            "items": [{"line_id": order["lines"][0]["id"], "quantity": 1}],
            "kind": "refund_only",
            "reason_code": "unwanted",
        }
        path = f"orders/{order['number']}/after-sales/"
        answer = await self.doors.post(buyer, path, body, key=f"case-{task.key}")
        self.outcomes[f"case: {answer.code or answer.status}"] += 1

    async def _start(self, buyer: Buyer, number: str, provider: str, key: str) -> str | None:
        """Start a payment; Alipay knows of it once its page is opened."""
        body = {"provider": provider, "scene": SCENE[provider]}
        path = f"orders/{number}/pay/"
        answer = await self.doors.post(buyer, path, body, key=f"pay-{key}")
        if not answer.is_good:
            self.outcomes[f"no payment: {answer.code or answer.status}"] += 1
            return None
        action = answer.shape["action"]
        if action["type"] == "redirect" and not await self.doors.visit(action["url"]):
            return None
        return str(answer.shape["payment_no"])

    async def _cancel(self, buyer: Buyer, number: str) -> Answer:
        answer = await self.doors.post(buyer, f"orders/{number}/cancel/", {"reason": "doomsday"})
        self.outcomes[f"cancel: {answer.code or answer.status}"] += 1
        return answer

    async def _is_paid(self, buyer: Buyer, number: str) -> bool:
        """Look at the order until the mall has heard of the money, for a while."""
        for _n in range(LOOKS):
            answer = await self.doors.get(buyer, f"orders/{number}/")
            if answer.shape.get("status") not in (None, "unpaid"):
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False

    async def _stampede(self, number: int) -> None:
        """The same thing from several sides at the same instant: where locks are missing, it
        shows."""
        task = errand(self.seed, STAMPEDE + number, len(self.buyers), self.world)
        buyer = self.buyers[task.buyer]
        lines = [{"sku_id": self.world["skus"][0], "quantity": 1}]
        plain = {"lines": lines, "address_id": buyer.address_id}
        quoted = await self.doors.post(buyer, "checkout/quote/", plain)
        body = {**plain, "note": task.key, "quote_hash": quoted.shape.get("quote_hash", "")}
        sends = (
            self.doors.post(buyer, "orders/", body, key=f"{task.key}-0") for _n in range(RIVALS)
        )
        placed = [answer for answer in await asyncio.gather(*sends) if answer.is_good]
        if not placed:
            return
        order = placed[0].shape["number"]
        payment_no = await self._start(buyer, order, "wechatpay", task.key)
        if payment_no is not None and await self.doors.pay("wechatpay", payment_no):
            await self._is_paid(buyer, order)
            await asyncio.gather(*(self._cancel(buyer, order) for _n in range(RIVALS)))


def main(folder: Path) -> None:
    """Run the crowd; what came of it goes to FOLDER/crowd.json."""
    told = json.loads((folder / "client.json").read_text())
    done = asyncio.run(Crowd(told, folder).run())
    (folder / "crowd.json").write_text(json.dumps(done))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
