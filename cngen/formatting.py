"""The names of the formats, for the command line: they cost nothing until one is used."""

FORMATS = ("full", "concise", "github", "gitlab", "json", "junit", "sarif")
"""As `--format` takes them; each is a module of `cngen.formats`, and the first is the default."""
