"""The command line: one module for each kind of work; it parses, calls one act and tells."""

__all__ = ["main"]
