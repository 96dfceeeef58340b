"""Facts about Hydra and OmegaConf, which docs/hydra.md measures. Nothing here walks a tree."""
