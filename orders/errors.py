"""What a deal can be refused for. Codes are frozen."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError
from mall.kernel.money import yuan
from orders.after_sale_errors import (
    AfterSaleExcluded as AfterSaleExcluded,
)
from orders.after_sale_errors import (
    AfterSaleOver as AfterSaleOver,
)
from orders.voice_errors import (
    AlreadyAdded as AlreadyAdded,
)
from orders.voice_errors import (
    AlreadyAnswered as AlreadyAnswered,
)
from orders.voice_errors import (
    AlreadyReviewed as AlreadyReviewed,
)
from orders.voice_errors import (
    FeaturedIsShown as FeaturedIsShown,
)
from orders.voice_errors import (
    NotABuyer as NotABuyer,
)
from orders.voice_errors import (
    NotAnswered as NotAnswered,
)
from orders.voice_errors import (
    NothingToReply as NothingToReply,
)
from orders.voice_errors import (
    NotReviewable as NotReviewable,
)
from orders.voice_errors import (
    NotYetShown as NotYetShown,
)
from orders.voice_errors import (
    ReviewReasonMissing as ReviewReasonMissing,
)
from orders.voice_errors import (
    TooManyReviewPictures as TooManyReviewPictures,
)
from orders.voice_errors import (
    VideoNotWanted as VideoNotWanted,
)


class GiftOnly(ShopError):
    """A gift is not sold by itself (C-14)."""

    code = "orders.gift_only"
    message = _("%(title)s is a gift: it comes with a promotion and is not sold by itself.")
    http_status = 400


class NotBuyable(ShopError):
    code = "orders.not_buyable"
    message = _("%(title)s is not on sale any more.")


class QuantityLimit(ShopError):
    code = "orders.quantity_limit"
    message = _("At most %(max)s pieces of one item fit into the cart.")


class OrderLimit(ShopError):
    """More pieces of a SKU than one order may hold."""

    code = "orders.order_limit"
    message = _("At most %(max)s pieces of %(title)s in one order.")


class EditionLimit(ShopError):
    """A member has as many pieces of a limited product as one member may have (C-15)."""

    code = "orders.edition_limit"
    message = _("%(title)s: at most %(max)s pieces for each member, over all orders.")


class EditionSoldOut(ShopError):
    """Fewer pieces of a limited product are left than wanted (C-15)."""

    code = "orders.edition_sold_out"
    message = _("%(title)s: not so many of the %(max)s pieces are left.")


class CartFull(ShopError):
    code = "orders.cart_full"
    message = _("At most %(max)s different items fit into the cart.")


class NothingSelected(ShopError):
    code = "orders.nothing_selected"
    message = _("Nothing that can be ordered is selected.")


class QuoteChanged(ShopError):
    """The price is another one by now; ``facts.quote`` is the new Quote."""

    code = "orders.quote_changed"
    message = _("The price has changed. Nothing was ordered; please look at the new price.")


class OfferAlone(ShopError):
    code = "orders.offer_alone"
    message = _("Goods of this offer are ordered by themselves.")


class BalanceNotYet(ShopError):
    """The deposit is paid and the time of the balance has not come."""

    code = "orders.balance_not_yet"
    message = _("The balance can be paid from %(at)s on.")


class WaitsForGroup(ShopError):
    """Its team is not complete: nothing leaves the house yet."""

    code = "orders.waits_for_group"
    message = _("This order waits for its group: nothing is sent before the group is complete.")


class PickupNotOffered(ShopError):
    """The store hands nothing over, or goods of an activity are sent only."""

    code = "orders.pickup_not_offered"
    message = _("This cannot be picked up in that store.")


class PickupCodeWrong(ShopError):
    code = "orders.pickup_code_wrong"
    message = _("This code belongs to no order.")


class PickupElsewhere(ShopError):
    """The code is right, the store is not."""

    code = "orders.pickup_elsewhere"
    message = _("This order is to be picked up in another store: %(store)s.")


class PickupDone(ShopError):
    code = "orders.pickup_done"
    message = _("This code has been used: the order was handed over at %(at)s.")


class PickupLocked(ShopError):
    """Too many wrong codes in a row."""

    code = "orders.pickup_locked"
    message = _("Too many wrong codes. Please wait before you try again.")
    http_status = 429


class PickupNotPaid(ShopError):
    """The order behind the code is not to be handed over; ``facts.status`` is its state."""

    code = "orders.pickup_not_paid"
    message = _("This order cannot be handed over now.")


class PointsOverCap(ShopError):
    code = "orders.points_over_cap"
    message = _("At most %(max_points)s points can be used for this order.")


class PointsNotInUnits(ShopError):
    code = "orders.points_not_in_units"
    message = _("Points are used in steps of %(unit)s.")


class NotCarried(ShopError):
    """An order that is picked up goes nowhere."""

    code = "orders.not_carried"
    message = _("This order is picked up in a store: it has no address.")


class Undeliverable(ShopError):
    """``facts.sku_ids`` are the SKUs that are not sent there."""

    code = "orders.undeliverable"
    message = _("Some of these items are not delivered to this address.")


class NotSoldThere(Undeliverable):
    """A product whose region sets leave the delivery address out."""

    code = "orders.not_sold_there"
    message = _("%(title)s is not sold to %(region)s.")


class OfferRefused(ShopError):
    code = "orders.offer_refused"
    message = _("The activity price of some items is not to be had any more.")


class StillBeingPaid(ShopError):
    """Somebody began to pay while the order was about to change."""

    code = "orders.still_being_paid"
    message = _("This order is being paid right now. Please try again in a minute.")


class StopsAtItsTerms(ShopError):
    """A presale's deposit and balance were agreed together."""

    code = "orders.stops_at_its_terms"
    message = _("A presale with a deposit keeps its price.")


class IllegalMove(ShopError):
    """The order is in a state from which this is not possible; ``facts.status`` is the state."""

    code = "orders.illegal_move"
    message = _("This is not possible any more: the order has changed in the meantime.")


class InvoiceAsked(ShopError):
    """An order has one invoice; another name on it is the desk's to write."""

    code = "orders.invoice_asked"
    message = _("The invoice of this order is asked for already. Write to us to change it.")


class OrderExpired(ShopError):
    code = "orders.expired"
    message = _("The time to pay this order is over.")


class ProviderUnknown(ShopError):
    code = "orders.provider_unknown"
    message = _("This way of paying is not offered here.")


class ProviderAway(ShopError):
    """The provider did not answer; nothing was changed."""

    code = "orders.provider_away"
    message = _("The payment provider does not answer. Please try again.")
    http_status = 503
    retry_after_seconds = 5


class TooManyPayments(ShopError):
    code = "orders.too_many_payments"
    message = _("Too many payments of this order are open. Finish one of them or wait a moment.")
    http_status = 429
    retry_after_seconds = 60


class PaymentOver(ShopError):
    """At the sandbox's cashier: this payment is paid or closed already."""

    code = "orders.payment_over"
    message = _("This payment is over: it is paid or closed already.")


class TooManyPieces(ShopError):
    code = "orders.too_many_pieces"
    message = _("Only %(left)s pieces of %(sku)s are left to ship.")


class NothingToShip(ShopError):
    code = "orders.nothing_to_ship"
    message = _("Nothing is left to ship.")


class CarrierUnknown(ShopError):
    """No carrier of this code takes new parcels."""

    code = "orders.carrier_unknown"
    message = _("No carrier %(carrier)s takes parcels here.")


class TaskOver(ShopError):
    """Somebody has seen to the task already."""

    code = "orders.task_over"
    message = _("This task is done already.")


class NotTheirWork(ShopError):
    """The account has no right to do what the task needs."""

    code = "orders.not_their_work"
    message = _("%(name)s may not do this kind of work.")


class WaitsForCheck(ShopError):
    """Somebody has to look at the order first."""

    code = "orders.waits_for_check"
    message = _("This order waits for a check: nothing is packed or sent before it has passed.")


class NothingToPack(ShopError):
    """None of the orders has goods to pack in this warehouse."""

    code = "orders.nothing_to_pack"
    message = _("None of these orders has goods to pack in this warehouse.")


class RemindedAlready(ShopError):
    """``facts.next_at`` is when a reminder is allowed again."""

    code = "orders.reminded_already"
    message = _("The buyer of %(number)s was reminded already; the next time at %(next_at)s.")


class FileRefused(ShopError):
    """``facts.reason`` says what is wrong with an uploaded file."""

    code = "orders.file_refused"
    message = _("The file cannot be read: %(reason)s")
    http_status = 400


class NotInOrder(ShopError):
    """A file names more of a SKU than an order still has to ship."""

    code = "orders.not_in_order"
    message = _("So many pieces of %(sku)s are not left to ship in this order.")


class TooManyRows(ShopError):
    """More than one file may hold."""

    code = "orders.too_many_rows"
    message = _("At most %(most)s rows at a time: choose fewer.")


class ParcelKnown(ShopError):
    code = "orders.parcel_known"
    message = _("This parcel has been recorded already.")


class ImportRefused(ShopError):
    """The file, or an invoice of it, is in the shop already."""

    code = "orders.import_refused"
    message = _("%(file)s, or an invoice of it, was imported before. Nothing was written.")


class AfterSaleNotOffered(ShopError):
    """These goods, as they are now, cannot be asked about in this way."""

    code = "orders.after_sale_not_offered"
    message = _("This cannot be asked for these pieces as they are now.")


class ReturnComesFirst(AfterSaleNotOffered):
    """Without a fault, what was sent comes back before its money does."""

    message = _(
        "%(title)s has been sent: choose “Return and refund”, "
        "or say as the reason what is wrong with it."
    )


class AfterSaleMoved(ShopError):
    """The case is in a state from which this is not possible; ``facts.state`` is the state."""

    code = "orders.after_sale_moved"
    message = _("This is not possible any more: the case has moved on in the meantime.")


class GoodsAreHere(AfterSaleMoved):
    """They came in and wait for their inspection, whatever the buyer said of the parcel."""

    message = _("The goods are here already and are being looked at: the case stays open.")


class TooManyToReturn(ShopError):
    code = "orders.too_many_to_return"
    message = _("Only %(left)s pieces of %(title)s can be asked about.")


class NotSentYet(TooManyToReturn):
    """What never left cannot come back; its money can."""

    message = _("%(title)s has not been sent yet: choose “Refund without return”.")


class NothingToReturn(ShopError):
    code = "orders.nothing_to_return"
    message = _("Say how many pieces of which items it is about.")
    http_status = 400


class AmountTooHigh(ShopError):
    """Nobody is paid back more than the share of the price."""

    code = "orders.amount_too_high"
    message = _("At most ¥%(most_yuan)s can be granted here.")

    def __init__(self, *, most_fen: int) -> None:
        super().__init__(most_fen=most_fen, most_yuan=yuan(most_fen))


class SecondPersonNeeded(ShopError):
    """Above the limit of one's role, or one's own request: somebody else decides (ATK-84)."""

    code = "orders.second_person_needed"
    message = _("This needs the yes of a second person who may give it.")


class AfterSaleReasonMissing(ShopError):
    code = "orders.after_sale_reason_missing"
    message = _("Say why.")
    http_status = 400


class TooManyPictures(ShopError):
    code = "orders.too_many_pictures"
    message = _("At most %(most)s pictures belong to a case.")


class PickupDayRefused(ShopError):
    code = "orders.pickup_day_refused"
    message = _("A carrier comes within the next %(days)s days.")


class ExchangeRefused(ShopError):
    """An exchange is for the same product at the same list price: no money moves."""

    code = "orders.exchange_refused"
    message = _("An exchange is for the same product at the same price.")


class NotShort(ShopError):
    """No running campaign lacks these goods (any more) (I-50)."""

    code = "orders.not_short"
    message = _("%(sku)s is not short in this campaign.")


class NoHelpInStock(ShopError):
    """No warehouse has a free piece to move (I-50)."""

    code = "orders.no_help_in_stock"
    message = _("No warehouse has free pieces of %(sku)s.")


class TooManyUnpaid(ShopError):
    """So many orders, or pieces of one SKU, wait for the member's payment already (O-56)."""

    code = "orders.too_many_unpaid"
    message = _("Please pay or cancel your open orders first: %(most)s at a time is the most.")


class OrderBlocked(ShopError):
    """The phone, doorstep or member is on the blacklist (O-56)."""

    code = "orders.blocked"
    message = _("This order cannot be taken. Please ask our service if you think it should be.")
    http_status = 403


class PaymentBlocked(ShopError):
    """The risk of this payment is too high (O-39)."""

    code = "orders.payment_blocked"
    message = _("This payment cannot be taken. Please ask our service if you think it should be.")
    http_status = 403


class SubOrderOver(ShopError):
    """A partner's word comes too late, or contradicts what it said before (O-28)."""

    code = "orders.sub_order_over"
    message = _("Sub-order %(number)s is over: %(state)s.")


class ParcelUnnamed(ShopError):
    """A parcel has a carrier and a tracking number (O-28)."""

    code = "orders.parcel_unnamed"
    message = _("A parcel needs its carrier and its tracking number.")
    http_status = 400


class WarrantyPromised(ShopError):
    """A rule under which orders were placed stands as they were promised it (O-30)."""

    code = "orders.warranty_promised"
    message = _(
        "This rule has begun: orders were promised what it says. Its end can be moved while it "
        "runs; for everything else write another rule."
    )
