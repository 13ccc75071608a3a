"""What holds where nobody says otherwise."""

DEFAULT_DATABASE = "sqlite:///ontzorgen.db"
