"""A month from facts to released file: runs, payment files, remainders, and what was taken back."""

__all__ = ["cancellations", "earlier_payments", "month_facts", "payment_files", "remainders", "runs"]
