"""What happened: the books on one database, only ever added to."""

__all__ = ["database", "errors"]
