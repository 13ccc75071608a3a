"""Tables for other systems, as CSV and XLSX."""

__all__ = ["tables"]
