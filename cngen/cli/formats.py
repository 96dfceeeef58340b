"""The names of the formats, for the command line: they cost nothing until one is used."""

FORMATS = ("full", "concise", "github", "gitlab", "json", "junit", "sarif")
"""As `--format` takes them; each is a module of `cngen.formats`, and the first is the default."""

REVIEWS = ("text", "markdown", "json", "github")
"""As `cngen diff --format` takes them; each is a module of `cngen.reviews`, and the first is the default."""
