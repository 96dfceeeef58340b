"""The configuration. Importing this package registers every node with Hydra."""

from example_project.cn._generated_store import *  # noqa: F403
