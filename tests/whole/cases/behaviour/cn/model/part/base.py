from cngen import CN


class Part(CN):
    size: int = 2


class Wide(Part):
    size = 8
