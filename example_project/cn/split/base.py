"""How samples are divided into those that a model is fitted to and those that it is tested on."""

from enum import Enum

from cngen import CN


class Method(Enum):
    """What becomes of the samples."""

    HOLDOUT = "holdout"  # some are put aside for the test
    CROSS_VALIDATION = "cross_validation"  # each is tested once, by a model fitted to other folds


class Split(CN):
    """The classes keep their shares in every part."""

    method: Method = Method.HOLDOUT
    test_fraction: float = 0.25  # of a holdout
    folds: int = 5  # of a cross-validation

    def __post_init__(self) -> None:
        """Refuse a split that leaves nothing to fit or to test, before anything is loaded."""
        # A value that is missing, or an interpolation that isn't resolved yet, is a string.
        fraction: object = self.test_fraction
        if isinstance(fraction, float) and not 0 < fraction < 1:
            raise ValueError(f"split.test_fraction must lie between 0 and 1, not {fraction}")


class TenFold(Split):
    """Slower than a holdout, and a score that depends less on luck."""

    method = Method.CROSS_VALIDATION
    folds = 10
