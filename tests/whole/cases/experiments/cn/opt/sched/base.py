from cngen import CN


class Sched(CN, abstract=True):
    warmup: int = 10


class Cosine(Sched):
    t: int = 5


class Linear(Sched):
    slope: float = 0.1
