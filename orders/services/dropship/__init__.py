"""Parts of orders that partners ship: written, told, called back, reported. Source: O-28, I-23."""
