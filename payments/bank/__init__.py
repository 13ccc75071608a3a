"""Answers in: camt.053, camt.054 and pain.002, streamed and strict, with what their reasons mean."""
