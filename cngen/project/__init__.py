"""The files of a project: on disk, in git, and its settings."""
