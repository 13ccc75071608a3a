"""What differs per gemeente and per date: settings and dated parameters in TOML."""

__all__ = ["checklist", "defaults", "known", "parameters", "settings"]
