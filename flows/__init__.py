"""When things happen: one use case for each act, and thin Prefect flows over them."""

__all__ = ["office"]
