"""Dutch words for codes, states, months and amounts, each in one place."""
