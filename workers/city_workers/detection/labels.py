"""The street problems that the picture model can name, in the order of its classes."""

LABELS: tuple[str, ...] = (
    "vendor_stall",
    "exposed_garbage",
    "waterlogging",
    "damaged_manhole",
    "illegal_small_ads",
    "misparked_vehicle",
    "litter",
)
