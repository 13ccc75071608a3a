"""Proofs: queries for what no constraint can hold, run at both ends of every flow."""
