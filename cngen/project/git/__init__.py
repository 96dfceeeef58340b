"""The files of a project in a git repository, which is only read."""
