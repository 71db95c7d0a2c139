"""What buyers' words can be refused for; ``orders.errors`` is their door. Codes are frozen."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import ShopError


class NotReviewable(ShopError):
    code = "orders.not_reviewable"
    message = _("An item can be reviewed once it has been received, by the one who bought it.")


class AlreadyReviewed(ShopError):
    code = "orders.already_reviewed"
    message = _("You have reviewed this item already.")


class AlreadyAdded(ShopError):
    """A review is added to once (C-56)."""

    code = "orders.review_already_added_to"
    message = _("You have added to this review already.")


class NotYetShown(ShopError):
    """A review that waits for a person, or was taken off the pages, is not added to."""

    code = "orders.review_not_shown"
    message = _("Your review is not shown yet. You can add to it once it is.")


class TooManyReviewPictures(ShopError):
    code = "orders.too_many_review_pictures"
    message = _("At most %(pictures)s pictures and %(videos)s video belong to a review.")
    http_status = 400


class VideoNotWanted(ShopError):
    """Evidence and portraits are pictures."""

    code = "orders.video_not_wanted"
    message = _("Send a picture: a video belongs to a review only.")
    http_status = 400


class NothingToReply(ShopError):
    code = "orders.reply_missing"
    message = _("Write the reply.")


class FeaturedIsShown(ShopError):
    """Only what shoppers see can be put first (C-73)."""

    code = "orders.featured_not_shown"
    message = _("Let the review through before it is featured.")


class ReviewReasonMissing(ShopError):
    """Who hides a review says why (C-59)."""

    code = "orders.review_reason_missing"
    message = _("Say why the review is hidden.")


class NotABuyer(ShopError):
    """Questions are answered by who has the goods, and by the shop (C-62)."""

    code = "orders.not_a_buyer"
    message = _("Only members who bought it can answer.")
    http_status = 403


class AlreadyAnswered(ShopError):
    code = "orders.already_answered"
    message = _("You have answered this question already.")


class NotAnswered(ShopError):
    """A frequent question has an answer that shoppers see."""

    code = "orders.faq_without_answer"
    message = _("Answer the question first: the FAQ holds answers.")
