"""Value -> Python text, as a person writes it in the sources."""

from collections.abc import Iterable

from cngen.composed import value_text
from cngen.model import (
    Argument,
    Instance,
    Interval,
    Items,
    Missing,
    Patch,
    Points,
    Sweep,
    Table,
    Tree,
    Value,
)

BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}")}


def notation(tree: Tree, value: Value) -> str:
    """A value in the notation of the sources, folded: `Adam(lr=0.001)`, `sweep(1, 2)`."""
    match value:
        case Items(kind, items):
            opening, closing = BRACKETS[kind]
            comma = "," if kind == "tuple" and len(items) == 1 else ""
            return f"{opening}{_listed(tree, items)}{comma}{closing}"
        case Table(pairs):
            inner = ", ".join(f"{notation(tree, k)}: {notation(tree, v)}" for k, v in pairs)
            return f"{{{inner}}}"
        case Instance(node, arguments):
            return f"{_name(tree, node)}({_keywords(tree, arguments)})"
        case Missing():
            return "MISSING"
    return _of_experiments(tree, value)


def _of_experiments(tree: Tree, value: Value) -> str:
    """What only experiments write, and plain values."""
    match value:
        case Patch(arguments):
            return f"patch({_keywords(tree, arguments)})"
        case Sweep(values, name):
            return f"sweep({_listed(tree, values)}{_zip(name)})"
        case Points(experiments, name):
            names = (_point(tree, experiment) for experiment in experiments)
            return f"points({', '.join(names)}{_zip(name)})"
        case Interval(low, high, log):
            return f"interval({_listed(tree, (low, high))}{', log=True' if log else ''})"
    return value_text(tree, value)


def _point(tree: Tree, value: Value) -> str:
    if isinstance(value, Instance) and not value.arguments:
        return _name(tree, value.node)
    return notation(tree, value)


def _name(tree: Tree, node: str) -> str:
    return tree.nodes[node].name if node in tree.nodes else node.rpartition(".")[2]


def _zip(name: str) -> str:
    return f', zip="{name}"' if name else ""


def _listed(tree: Tree, values: Iterable[Value]) -> str:
    return ", ".join(notation(tree, value) for value in values)


def _keywords(tree: Tree, arguments: Iterable[Argument]) -> str:
    return ", ".join(f"{a.name}={notation(tree, a.value)}" for a in arguments)
