"""Tables for other systems, as CSV and XLSX."""
