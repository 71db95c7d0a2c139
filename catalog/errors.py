"""What the catalogue refuses."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError


class CategoryNotLeaf(ShopError):
    """Goods hang on the ends of the tree, never on its roots (C-01)."""

    code = "catalog.category_not_leaf"
    message = _(
        "Goods belong in a category of level 2 or 3 without sub-categories; %(title)s is none."
    )


class CategoryMisplaced(ShopError):
    """A category may not hang there."""

    code = "catalog.category_misplaced"
    message = _(
        "%(title)s cannot hang there: the tree has 3 levels, "
        "and a category with goods has no children."
    )


class ProductNotReady(ShopError):
    """A product lacks what it must have before shoppers may see it."""

    code = "catalog.product_not_ready"
    message = _("%(title)s cannot go on sale yet. Missing: %(missing)s.")


class PriceGradientRefused(ShopError):
    """The cheapest SKU is a lure: out of stock, or far below the others (C-33)."""

    code = "catalog.price_gradient_refused"
    message = _("%(title)s cannot go on sale with these prices: %(findings)s.")


class PriceNotValid(ShopError):
    """A price is negative, or above its list price."""

    code = "catalog.price_not_valid"
    message = _("The price of %(sku)s must not be negative, nor above its list price.")


class OptionsNotValid(ShopError):
    """The option values do not pick one SKU."""

    code = "catalog.options_not_valid"
    message = _("These options do not fit %(title)s.")


class ShelfTimesNotValid(ShopError):
    """It would be hidden before it is shown, or is hidden already (C-06)."""

    code = "catalog.shelf_times_not_valid"
    message = _("%(title)s must be shown until some time to come, after it is shown from.")


class AttributeNotValid(ShopError):
    """A value outside the schema of the category."""

    code = "catalog.attribute_not_valid"
    message = _("%(value)s is not a value of %(attribute)s.")


class ImportRefused(ShopError):
    """A record names something that the shop does not have."""

    code = "catalog.import_refused"
    message = _("%(field)s: there is no %(value)s here.")


class ImportFileRefused(ShopError):
    """A file that no import can begin with."""

    code = "catalog.import_file_refused"
    message = _("The file was not taken. %(why)s")


class PictureRefused(ShopError):
    """An upload that is no picture, or too large a one. Nothing of it was decoded or kept."""

    code = "catalog.picture_refused"
    message = _("Only JPEG, PNG and WebP pictures of at most 5 MB and 25 megapixels are taken.")
    http_status = 400


class VideoRefused(ShopError):
    """An upload that is no MP4 a browser plays. The ways it can fail have codes of their own."""

    code = "catalog.video_refused"
    message = _("Only MP4 videos (H.264, H.265 or AV1) are taken.")
    http_status = 400


class VideoTooLarge(VideoRefused):
    """More bytes than a page should ask of a telephone."""

    code = "catalog.video_too_large"
    message = _("A video may have %(most_mb)s MB at most.")


class VideoLengthRefused(VideoRefused):
    """Too short or too long for its place (C-41, C-42, C-43)."""

    code = "catalog.video_length_refused"
    message = _("This video lasts %(seconds)s seconds; here it must last %(least)s to %(most)s.")


class VideoTooWide(VideoRefused):
    """More than 1080p (C-42)."""

    code = "catalog.video_too_wide"
    message = _("This video is %(width)s x %(height)s; at most 1920 x 1080 is taken.")


class BlocksNotValid(ShopError):
    """Detail blocks that lack a field, or hold what cannot be shown (C-45)."""

    code = "catalog.blocks_not_valid"
    message = _("The detail blocks cannot be kept: %(findings)s.")


class PriceMissing(ShopError):
    """What is sold has a price; what is given away is a gift."""

    code = "catalog.price_missing"
    message = _("%(sku)s is sold: it needs a price.")


class PriceReasonMissing(ShopError):
    """Prices that are planned, limited or unusual say why (C-28)."""

    code = "catalog.price_reason_missing"
    message = _("Say why the price of %(sku)s changes.")


class BelowCostTermsMissing(ShopError):
    """A price below cost is for so many pieces and until a day (C-74)."""

    code = "catalog.below_cost_terms_missing"
    message = _(
        "%(sku)s would be sold below cost. Ask for it with a quota, an end date and a reason: "
        "a second person decides."
    )


class PriceTimesNotValid(ShopError):
    """A price that would end before it begins."""

    code = "catalog.price_times_not_valid"
    message = _("The price of %(sku)s must end after it begins.")


class PriceChangeSettled(ShopError):
    """Somebody decided it already, or its time is over."""

    code = "catalog.price_change_settled"
    message = _("This price change of %(sku)s is settled: %(status)s.")


class MakerIsChecker(ShopError):
    """Nobody approves their own price (C-28)."""

    code = "catalog.maker_is_checker"
    message = _("The price of %(sku)s must be approved by somebody else than who asked for it.")


class TextsRefused(ShopError):
    """Words that the Advertising Law or the shop forbids stand in texts for shoppers (C-37)."""

    code = "catalog.texts_refused"
    message = _("%(title)s cannot be published with these words: %(findings)s.")


class NotWaitingForApproval(ShopError):
    """Nobody asked for it, or somebody answered already (C-38)."""

    code = "catalog.not_waiting_for_approval"
    message = _("%(title)s does not wait for approval.")


class ApprovalReasonMissing(ShopError):
    """Who sends a product back says why."""

    code = "catalog.approval_reason_missing"
    message = _("Say why %(title)s is rejected.")


class OwnProductApproval(ShopError):
    """The shop asks for a second person."""

    code = "catalog.own_product_approval"
    message = _("%(title)s must be approved by somebody else than who asked for it.")


class TextsChanged(ShopError):
    """Somebody wrote something else while it was being read."""

    code = "catalog.texts_changed"
    message = _("The texts of %(title)s have changed since you read them. Read them again.")


class QualificationMissing(ShopError):
    """The category asks for documents that the shop does not have, or that have run out (C-39)."""

    code = "catalog.qualification_missing"
    message = _("%(title)s cannot go on sale without a valid document: %(missing)s.")


class ComplaintPapersMissing(ShopError):
    """A complaint comes with proof of the right and with evidence (C-63)."""

    code = "catalog.complaint_papers_missing"
    message = _(
        "Send proof of your right and evidence of the infringement, %(most)s files at most."
    )
    http_status = 400


class ComplaintMoveRefused(ShopError):
    """The case stands elsewhere."""

    code = "catalog.complaint_move_refused"
    message = _("This cannot be done with case %(number)s, which is %(state)s.")


class ProductUnderComplaint(ShopError):
    """A case keeps the product off sale (C-63)."""

    code = "catalog.product_under_complaint"
    message = _("%(title)s stays off sale until case %(number)s is closed.")


class DocumentRefused(ShopError):
    """An upload that is neither a PDF nor a picture."""

    code = "catalog.document_refused"
    message = _("Only PDF, JPEG and PNG files of at most 5 MB are taken.")
    http_status = 400


class ProposalDecided(ShopError):
    """Somebody accepted or dismissed a proposed synonym already."""

    code = "catalog.proposal_decided"
    message = _("It is decided already whether %(query)s means %(other)s.")


class BundleHasStock(ShopError):
    """What has pieces of its own is not put together from others (C-13)."""

    code = "catalog.bundle_has_stock"
    message = _("%(sku)s has stock of its own: make the bundle a SKU of its own.")


class BundleInBundle(ShopError):
    """A bundle is never part of a bundle, nor of itself (C-13)."""

    code = "catalog.bundle_in_bundle"
    message = _("%(sku)s is a bundle: only ordinary goods can be part of one.")


class BundleIsPart(ShopError):
    """What other bundles hold cannot become one (C-13)."""

    code = "catalog.bundle_is_part"
    message = _("%(sku)s is part of a bundle: it cannot be one itself.")


class BundlePartGiftOnly(ShopError):
    """Gifts are given, not sold, also not in a bundle (C-13)."""

    code = "catalog.bundle_part_gift_only"
    message = _("%(sku)s is only given away: it cannot be sold in a bundle.")


class BundleGivenAway(ShopError):
    """A bundle has a price of its own: it is no mere gift (C-13)."""

    code = "catalog.bundle_given_away"
    message = _("%(sku)s is only given away: a bundle is sold.")


class BundlePartPieces(ShopError):
    """Pieces of one part in one bundle (C-13)."""

    code = "catalog.bundle_part_pieces"
    message = _("A bundle holds 1 to %(most)s pieces of each part.")
    http_status = 400


class BundleTooLarge(ShopError):
    """Parts of one bundle (C-13)."""

    code = "catalog.bundle_too_large"
    message = _("A bundle has at most %(most)s parts.")
    http_status = 400
