"""Pages of those who pack and ship: queue, lists to print, parcels by file, reports, exports."""
