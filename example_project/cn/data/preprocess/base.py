"""Transformers between the data and the model; they are fitted to the training samples alone."""

from typing import Any

from cngen import CN, ref


class Preprocess(CN, abstract=True):
    """A scikit-learn transformer."""


class Standard(Preprocess, target="sklearn.preprocessing.StandardScaler"):
    """Each feature with mean 0 and variance 1."""

    with_mean: bool = True
    with_std: bool = True


class PCA(Preprocess, target="sklearn.decomposition.PCA"):
    """Fewer, uncorrelated features."""

    n_components: Any = 0.95  # how many (an int), or how much of the variance they keep
    whiten: bool = True
    random_state: int = ref("seed")


class Identity(Preprocess, name="none", target="sklearn.preprocessing.FunctionTransformer"):
    """The features as they are."""
