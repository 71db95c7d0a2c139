"""catalog/: what shoppers may look at, signed in or not."""
