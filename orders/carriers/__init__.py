"""How parcels are followed: one interface, an adapter for each way to it; what a parcel costs."""
