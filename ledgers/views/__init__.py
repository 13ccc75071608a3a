"""Read-only questions of desk and exports, one answer's worth each."""
