from cngen import CN


class Schedule(CN):
    warmup: int = 10


class Cosine(Schedule):
    t_max: int = 100
    extra: dict[str, int] = {"a": 1}
