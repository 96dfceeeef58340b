"""Options of a group that a field which chooses from it can't hold."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cngen.compose.defaults import Choice, choices
from cngen.compose.listed import picks
from cngen.diagnostics import Span
from cngen.model.tree import Field, Node, Tree, per_tree
from cngen.model.types import node_dict_type, node_type
from cngen.model.values import Instance, Missing


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Options of a group that are of another kind than the rest.

    `base` is what the field `place` is annotated with. The options don't inherit from it where they are the
    minority; else they are all that do. `is_chosen` tells a field that has a default there, or must be given one.
    """

    group: str
    base: str
    place: str
    span: Span
    options: tuple[str, ...]
    is_minority: bool
    is_chosen: bool


@per_tree
def misplaced(tree: Tree) -> tuple[Misplaced, ...]:
    """What is misplaced in a tree: each option of a group once, with the field that it is clearest for."""
    found: dict[tuple[str, str], Misplaced] = {}
    for one in _candidates(tree):
        key = (one.group, one.base)
        if key not in found or (one.is_chosen and not found[key].is_chosen):
            found[key] = one
    reported: dict[str, set[str]] = {}
    kept: list[Misplaced] = []
    for one in sorted(found.values(), key=lambda one: (not one.is_minority, not one.is_chosen)):
        new = [
            option for option in one.options if option not in reported.setdefault(one.group, set())
        ]
        is_worth = one.is_minority or one.is_chosen
        if is_worth and (new if one.is_minority else len(new) == len(one.options)):
            reported[one.group].update(new)
            kept.append(replace(one, options=tuple(new)))
    return tuple(kept)


def _candidates(tree: Tree) -> Iterator[Misplaced]:
    for node in tree.nodes.values():
        for group, field, base, is_chosen in _selections(tree, node):
            options = tree.options(group)
            unheld = tuple(o for o, other in options.items() if not tree.is_a(other.key, base))
            held = tuple(o for o in options if o not in unheld)
            if not unheld or not held:
                if unheld and is_chosen:
                    yield Misplaced(
                        group, base, *_place(tree, node, field), unheld, True, is_chosen
                    )
                continue
            is_minority = len(unheld) < len(held) or (is_chosen and len(unheld) == len(held))
            names = unheld if is_minority else held
            yield Misplaced(group, base, *_place(tree, node, field), names, is_minority, is_chosen)


def _selections(tree: Tree, node: Node) -> Iterator[tuple[str, Field, str, bool]]:
    """The groups from which a node's own fields select, with the annotated node, and whether they do it by default."""
    by_hand = picks(tree, node) if node.defaults is not None else None
    for choice in choices(tree, node):
        field = node.field(choice.package.partition(".")[0])
        if field is None or field.name not in node.declared or not choice.group:
            continue
        pick = by_hand.get(choice.package) if by_hand is not None else None
        if by_hand is not None and (pick is None or pick.brought.group != choice.group):
            continue
        annotated = node_type(field.type) or node_dict_type(field.type)
        if annotated is None or annotated.node not in tree.nodes:
            continue
        if not tree.nodes[annotated.node].is_experiment and _is_held(tree, choice, annotated.node):
            is_chosen = isinstance(choice.value, Instance | Missing)
            yield choice.group, field, annotated.node, is_chosen


def _place(tree: Tree, node: Node, field: Field) -> tuple[str, Span]:
    """The farthest base whose field has the same annotation: a subclass may only set it."""
    fields = [(tree.nodes[key], tree.nodes[key].field(field.name)) for key in node.lineage]
    same = [(n, f) for n, f in fields if f is not None and f.type == field.type]
    holder, written = same[-1]
    return f"{holder.name}.{field.name}", written.span


def _is_held(tree: Tree, choice: Choice, annotated: str) -> bool:
    """Whether the choice fits; another rule reports it if not."""
    chosen = choice.value.node if isinstance(choice.value, Instance) else annotated
    return tree.is_a(chosen, annotated)


def message(tree: Tree, found: Misplaced) -> str:
    """Which options a field can't hold, by the smaller of both parts of the group."""
    base = tree.nodes[found.base].name
    options = [tree.options(found.group)[option] for option in found.options]
    names = ", ".join(f"`{option}`" for option in found.options)
    if found.is_minority:
        classes = ", ".join(f"`{node.name}`" for node in options)
        inherits = "doesn't inherit" if len(options) == 1 else "don't inherit"
        return (
            f"{names} of the config group `{found.group}` can't be chosen for `{found.place}`: "
            f"{classes} {inherits} from `{base}`"
        )
    return (
        f"only {names} of the config group `{found.group}` can be chosen for `{found.place}`: "
        f"the other options don't inherit from `{base}`"
    )


def hint(tree: Tree, found: Misplaced) -> str:
    """Where the misplaced classes could go."""
    names = ", ".join(f"`{tree.options(found.group)[option].name}`" for option in found.options)
    return f"move {names} to another config group, or widen the annotation"
