"""What must be paid, to whom and why now: pure rules without database, clock, file or network."""

__all__ = [
    "calendar",
    "charset",
    "money",
    "month",
    "parties",
    "problems",
    "references",
    "remittance",
    "single_payment",
    "states",
]
