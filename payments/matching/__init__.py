"""Which line of the bank belongs to which payment: a match consumes, and a doubt goes to a person."""

__all__ = ["forwarding", "lines", "matcher", "model", "our_numbers"]
