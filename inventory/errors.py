"""What stock refuses."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError


class OutOfStock(ShopError):
    """Fewer free pieces than wanted; ``available`` counts all warehouses that ship."""

    code = "inventory.out_of_stock"
    message = _("Only %(available)s left of %(sku)s.")


class TooManyParcels(ShopError):
    """The goods lie in more warehouses than one order may be sent from."""

    code = "inventory.too_many_parcels"
    message = _(
        "These goods lie in different warehouses and would need %(parcels)s parcels; one order is "
        "sent in at most %(limit)s. Please order them separately."
    )


class NotReserved(ShopError):
    """An order asks for pieces that it does not hold (any more)."""

    code = "inventory.not_reserved"
    message = _("Order %(order)s holds only %(held)s pieces for line %(line)s, not %(wanted)s.")


class CountBelowReserved(ShopError):
    """A count or a write-off would take pieces that orders have been promised."""

    code = "inventory.count_below_reserved"
    message = _("%(reserved)s pieces of %(sku)s are promised to orders; fewer cannot be on hand.")


class SupplierNotReady(ShopError):
    """A supplier lacks what it must have before we work with it (I-25)."""

    code = "inventory.supplier_not_ready"
    message = _("%(supplier)s cannot be admitted yet. Missing: %(missing)s.")


class SupplierMoveRefused(ShopError):
    """Its status does not lead there (I-25)."""

    code = "inventory.supplier_move_refused"
    message = _("%(supplier)s cannot become %(status)s from where it stands.")


class SupplierNotOrderable(ShopError):
    """Only suppliers that work with us receive purchase orders (I-25)."""

    code = "inventory.supplier_not_orderable"
    message = _("%(supplier)s is %(status)s: it receives no purchase orders.")


class PurchaseMoveRefused(ShopError):
    """The purchase order is not at that point of its life (I-36)."""

    code = "inventory.purchase_move_refused"
    message = _("Purchase order %(number)s is %(status)s: this is not possible.")


class PurchaseEmpty(ShopError):
    """There is nothing on it."""

    code = "inventory.purchase_empty"
    message = _("Purchase order %(number)s has no goods.")


class PurchaseSecondPerson(ShopError):
    """Above the limit, who made an order does not approve it (I-36)."""

    code = "inventory.purchase_second_person"
    message = _("Purchase order %(number)s is above the limit: another person must approve it.")


class PurchaseUnderMinimum(ShopError):
    """The supplier makes no fewer pieces (I-37)."""

    code = "inventory.purchase_under_minimum"
    message = _("%(supplier)s makes at least %(moq)s pieces of %(sku)s.")


class OverReceipt(ShopError):
    """More would come in than was ordered (I-36)."""

    code = "inventory.over_receipt"
    message = _("Only %(left)s pieces of %(sku)s are still open on %(number)s.")


class NobodySupplies(ShopError):
    """No supplier that works with us offers the SKU."""

    code = "inventory.nobody_supplies"
    message = _("No supplier that works with us offers %(sku)s.")


class NoWarehouse(ShopError):
    """Ordered goods have nowhere to come to."""

    code = "inventory.no_warehouse"
    message = _("No warehouse of ours is in use.")


class SupplierDocumentRefused(ShopError):
    """An upload that is neither a PDF nor a picture."""

    code = "inventory.supplier_document_refused"
    message = _("Only PDF, JPEG and PNG files of at most 5 MB are taken.")
    http_status = 400


class StockFileRefused(ShopError):
    """An upload that is no list of codes and pieces."""

    code = "inventory.stock_file_refused"
    message = _("Only CSV files of at most 1 MB and 5,000 rows are taken: a code and its pieces.")
    http_status = 400


class SupplierKeyRefused(ShopError):
    """A message that no key of a supplier signed, or one of another time; all said alike."""

    code = "inventory.supplier_key_refused"
    message = _("The key or the signature is not valid.")
    http_status = 401


class SupplierHasNoWarehouse(ShopError):
    """Its stock has no place to lie (I-32)."""

    code = "inventory.supplier_has_no_warehouse"
    message = _("%(supplier)s has no warehouse: make one of the supplier's kind first.")


class StatementMoveRefused(ShopError):
    """The statement is not at that point of its life (I-42)."""

    code = "inventory.statement_move_refused"
    message = _("Statement %(number)s is %(status)s: this is not possible.")


class StatementMonthOpen(ShopError):
    """A month is settled when it is over (I-42)."""

    code = "inventory.statement_month_open"
    message = _("The month %(month)s is not over yet.")


class PaperMoveRefused(ShopError):
    """A transfer, stocktake or disposal is not at that point of its life."""

    code = "inventory.paper_move_refused"
    message = _("%(number)s is %(status)s: this is not possible any more.")


class SamePerson(ShopError):
    """Whoever made a paper does not approve it (I-09, I-13)."""

    code = "inventory.same_person"
    message = _("%(number)s was made by you: somebody else approves it.")


class NotOnItsWay(ShopError):
    """More pieces are said to have arrived than are still on their way (I-11)."""

    code = "inventory.not_on_its_way"
    message = _("Only %(left)s pieces of %(sku)s are still on their way with %(number)s.")


class ReasonMissing(ShopError):
    """A difference without a reason (I-09)."""

    code = "inventory.reason_missing"
    message = _("%(sku)s differs from the book: say why.")


class NothingCounted(ShopError):
    """A paper without a single counted line says nothing (I-09)."""

    code = "inventory.nothing_counted"
    message = _("Nothing is counted on %(number)s yet.")


class NotEnoughDefects(ShopError):
    """Fewer defective pieces than a disposal names (I-13)."""

    code = "inventory.not_enough_defects"
    message = _("Only %(defective)s defective pieces of %(sku)s are free for this.")


class StillInStock(ShopError):
    """Nobody waits for what can be bought (I-08)."""

    code = "inventory.still_in_stock"
    message = _("This can be bought now.")


class BundleHasNoStock(ShopError):
    """What is made of parts lies nowhere by itself (C-13)."""

    code = "inventory.bundle_has_no_stock"
    message = _("A bundle has no stock of its own: book its parts.")


class BundleIsSupplied(ShopError):
    """What a supplier offers is bought, not put together (C-13)."""

    code = "inventory.bundle_is_supplied"
    message = _(
        "%(supplier)s offers %(sku)s: switch it off among the goods of suppliers, or make the"
        " bundle a SKU of its own."
    )


class BundleNotSetAside(OutOfStock):
    """A flash sale sets pieces aside, and a bundle has none of its own (C-13)."""

    code = "inventory.bundle_not_set_aside"
    message = _("%(sku)s is a bundle: a flash sale sets pieces aside, and it has none of its own.")
