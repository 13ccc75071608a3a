"""Thin Prefect flows over the same acts: they say when and never decide."""

import os

# Before anything here imports Prefect: without a server it starts one, and on a busy machine its 20 seconds are few.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

__all__ = ["serve"]
