"""What tests share: offices, towns and lives to tell stories with; books to put aside and bring back."""
