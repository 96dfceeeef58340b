"""Text as Python, a terminal or a log reads it."""
