"""Tree -> what Hydra composes from it."""
