"""What leaves the house, so that a stop half-way leaves the old file or the new one."""

__all__ = ["outbox", "release_log"]
