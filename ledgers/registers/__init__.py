"""Who and what is known, in dated versions, and who confirmed which account."""

__all__ = [
    "benefit_history",
    "gemeenten",
    "iban_confirmations",
    "later_changes",
    "register",
    "register_files",
    "staff",
    "versions",
]
