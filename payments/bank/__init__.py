"""Answers in: camt.053, camt.054 and pain.002, streamed and strict, with what their reasons mean."""

__all__ = ["camt_model", "camt_reader", "fields", "packed", "pain002", "reasons", "stream"]
