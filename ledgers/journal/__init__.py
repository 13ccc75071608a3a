"""The ground that every room stands on: bookings, the audit trail with its seals, closed months."""

__all__ = ["actions", "audit", "bookings", "closed_months", "free_text", "posting", "roles"]
