"""A small training job: one scikit-learn model, one data set, a few scores."""
