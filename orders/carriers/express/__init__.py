"""The aggregator of carriers: one signed HTTP interface to all of them (docs/fulfilment.md)."""
