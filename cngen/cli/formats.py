"""The names of the formats: the command line needs them without importing a format."""

FORMATS = ("full", "concise", "github", "gitlab", "json", "junit", "sarif")
"""Values of `--format`; each is a module of `cngen.lint.formats`, and the first is the default."""

REVIEWS = ("text", "markdown", "json", "github")
"""Values of `cngen diff --format`; each is a module of `cngen.diff.formats`, the first is the default."""
