"""What the bank answered and what came of it: statements, settlement, open items and how they were settled."""

__all__ = [
    "came_back",
    "four_eyes",
    "lost_books",
    "not_booked",
    "open_items",
    "payee_checks",
    "payment_states",
    "rejections",
    "reserved_money",
    "resolution_model",
    "resolutions",
    "settlement",
    "statements",
    "stranded_money",
]
