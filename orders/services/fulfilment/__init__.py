"""From money to the door: checks, picking, parcels, carriers, tracking, exceptions.

Source: design.md section 8; requirements O-16 to O-26, I-21. Its front door is `orders.services`.
"""
