"""The data model: tables, named constraints and triggers, the same on SQLite and PostgreSQL."""

__all__ = ["bank", "core", "dossier", "triggers"]
