"""Data sets, all of which ship inside scikit-learn."""

from cngen import CN, MISSING
from example_project.cn.data.preprocess.base import Identity, Preprocess, Standard


class Data(CN, abstract=True):
    """Labelled samples, and what is done to their features before a model sees them."""

    loader: str = MISSING  # a function that returns features and labels
    preprocess: Preprocess = Standard()
    reduce: Preprocess | None = None  # a second step, such as PCA


class BreastCancer(Data):
    """569 tumours with 30 measurements each, benign or malignant."""

    loader = "sklearn.datasets.load_breast_cancer"


class Digits(Data):
    """1797 handwritten digits of 8 x 8 pixels."""

    loader = "sklearn.datasets.load_digits"
    preprocess = Identity()  # pixels have one scale already


class Wine(Data):
    """178 wines of three growers, with 13 chemical measurements each."""

    loader = "sklearn.datasets.load_wine"
