"""Matched classes -> what their sources set differently."""
