"""Tree -> findings: rules, what silences them, and fixes."""
