"""The ground that every room stands on: bookings, the audit trail with its seals, closed months."""
