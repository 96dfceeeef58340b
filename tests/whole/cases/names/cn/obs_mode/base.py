from cngen import CN


class ObsMode(CN):
    keys: list[str] = ["image"]


class AWAC(ObsMode, name="awac-mode", target="collections.OrderedDict"):
    keys = ["state"]
