"""Writing losses down: pieces for the loss rate, and fen into the book when they are gone for good.

Source: requirements O-47, I-13, I-52.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inventory.models import StockLoss
from inventory.services.booking import Slip
from mall.kernel import ledger

Kind = StockLoss.Kind
STILL_HERE = frozenset({Kind.DAMAGE, Kind.DEFECTIVE_RETURN})
"""Defects that lie in the warehouse: their worth is lost, or saved, by their disposal."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Pieces of one SKU and what they had cost; ``counted`` of them are new to the loss rate."""

    warehouse_id: int
    sku_id: int
    kind: StockLoss.Kind
    cost_fen: int
    counted: int
    proceeds_fen: int = 0

    @property
    def loss_fen(self) -> int:
        """What is gone for good."""
        return 0 if self.kind in STILL_HERE else self.cost_fen - self.proceeds_fen


def record_losses(
    losses: Iterable[Loss], slip: Slip, *, paid_into: str = "", kind: str = "inventory.loss"
) -> None:
    """Write losses of one source; the book gets what left for good: out of ``stock``, into
    ``loss:stock`` and the account that the proceeds go to. Queries: 1, and 4 to post.
    """
    rows = list(losses)
    StockLoss.objects.bulk_create([_row(loss, slip) for loss in rows])
    gone = [loss for loss in rows if loss.kind not in STILL_HERE]
    amounts = {
        "stock": -sum(loss.cost_fen for loss in gone),
        "loss:stock": sum(loss.loss_fen for loss in gone),
    }
    if paid_into:
        amounts[paid_into] = sum(loss.proceeds_fen for loss in gone)
    _post(kind, f"{slip.source_type}:{slip.source_id}", amounts, slip)


def _post(kind: str, reference: str, amounts: Mapping[str, int], slip: Slip) -> None:
    if any(amounts.values()):
        ledger.post(kind=kind, reference=reference[:64], amounts_fen=amounts, at=slip.at)


def _row(loss: Loss, slip: Slip) -> StockLoss:
    return StockLoss(
        warehouse_id=loss.warehouse_id,
        sku_id=loss.sku_id,
        kind=loss.kind,
        pieces=loss.counted,
        cost_fen=loss.cost_fen,
        loss_fen=loss.loss_fen,
        source_type=slip.source_type,
        source_id=slip.source_id,
        note=slip.note,
        at=slip.at,
    )
