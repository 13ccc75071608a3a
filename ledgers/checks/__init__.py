"""Proofs: queries for what no constraint can hold, run at both ends of every flow."""

__all__ = ["month_close", "self_check"]
