"""Partners without an interface: they look into the console, or get files from an operator."""

from orders.dropship.base import Outbound, Partner, Word


class ByHand(Partner):
    """The list in the console is the message; asking back takes a telephone."""

    def forward(self, outbound: Outbound) -> Word:
        return Word.TAKEN

    def recall(self, number: str) -> Word:
        return Word.BY_HAND
