"""A class and its bases -> Python's method resolution order."""

from cngen.model.tree import Node

MOST_BASES = 150
"""How many classes one may inherit from: each has the fields of all, and nobody writes so many."""


def linearize(key: str, bases: tuple[Node, ...]) -> tuple[str, ...] | None:
    """Python's method resolution order (C3) among nodes; None if there is none."""
    waiting = [list(base.lineage) for base in bases] + [[base.key for base in bases]]
    order = [key]
    while waiting := [sequence for sequence in waiting if sequence]:
        heads = (s[0] for s in waiting if not any(s[0] in other[1:] for other in waiting))
        head = next(heads, None)
        if head is None:
            return None
        order.append(head)
        waiting = [sequence[1:] if sequence[0] == head else sequence for sequence in waiting]
    return tuple(order)
