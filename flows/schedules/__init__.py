"""Thin Prefect flows over the same acts: they say when and never decide."""
