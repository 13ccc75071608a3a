"""The data model: tables, named constraints and triggers, the same on SQLite and PostgreSQL."""
