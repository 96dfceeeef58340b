from .. import Algo, Renamed
from cngen import CN
from ...kinds import Size


class Linear(CN):
    """Uses the algorithm of its parent group."""

    size: Size = 3
    inner: Algo = Renamed(lr=0.5)
