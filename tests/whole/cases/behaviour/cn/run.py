from cngen import CN
from cn.model.base import Deep, Model, Named


class Run(CN):
    model: Model = Deep(depth=3)
    others: list[Model] = [Named(label="first"), Deep()]
