"""Functions of the true and the predicted labels; higher is better."""

from cngen import CN


class Metric(CN, abstract=True):
    """A scikit-learn score."""


class Accuracy(Metric, target="sklearn.metrics.accuracy_score"):
    """How many samples are labelled correctly."""


class BalancedAccuracy(Metric, target="sklearn.metrics.balanced_accuracy_score"):
    """The accuracy of each class, averaged."""

    adjusted: bool = False  # whether guessing scores 0


class F1(Metric, target="sklearn.metrics.f1_score"):
    """The harmonic mean of precision and recall."""

    average: str = "weighted"  # over the classes


class MCC(Metric, target="sklearn.metrics.matthews_corrcoef"):
    """Matthews' correlation of true and predicted labels."""
