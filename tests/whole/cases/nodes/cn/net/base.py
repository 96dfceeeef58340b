from cngen import CN
from cn.net.block.base import Block, Conv
from cn.optimizer.base import Adam, Optimizer


class Net(CN):
    block: Block = Conv(kernel=5)
    deep: dict[str, Block] = {"first": Conv(), "second": Conv(kernel=7), "third": Conv(kernel=7)}
    in_place: list[Block] = [Block(), Conv(optimizer=Adam(lr=4.0))]
    odd: dict[str, Block] = {"not a key": Conv()}
    some: dict[str, Block | None] = {"none": None, "one": Block()}


class Own(Net):
    deep = {"second": Block()}
    optimizer: Optimizer = Adam()
