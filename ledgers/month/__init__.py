"""A month from facts to released file: runs, payment files, remainders, and what was taken or given back."""

__all__ = [
    "cancellations",
    "earlier_payments",
    "giving_back",
    "month_facts",
    "payment_files",
    "remainders",
    "runs",
    "waiting_files",
]
