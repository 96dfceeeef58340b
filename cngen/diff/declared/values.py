"""Two trees -> the changed values of experiments, and of primary configs that derive from others."""

from collections.abc import Iterator

from cngen.diff.changes import Impact
from cngen.diff.declared.fields import is_of_bases, place_of
from cngen.diff.declared.nodes import changed
from cngen.diff.trees import Declared, Trees, field_sites
from cngen.model.printing import notation
from cngen.model.tree import Node
from cngen.model.values import Interval, Points, Sweep, Value, inner_values

SWEPT = (Sweep, Interval, Points)


# The values of experiments and of primary configs derived from others


def value_changes(trees: Trees) -> Iterator[Declared]:
    """What bodies set differently in the fields of their primary configs, and their sweeps over experiments."""
    for old, new in trees.pairs:
        if old.primary or new.primary:
            yield from _changes_of(trees, old, new)


def _changes_of(trees: Trees, old: Node, new: Node) -> Iterator[Declared]:
    names = {trees.matching.field(old.key, name): name for name, _ in (*old.written, *old.points)}
    before = {trees.matching.field(old.key, k): v for k, v in (*old.written, *old.points)}
    after = dict((*new.written, *new.points))
    for name in sorted({*before, *after}):
        one, other = before.get(name), after.get(name)
        was = trees.matching.value(one) if one is not None else None
        both = names.get(name, name), name
        is_swept = any(_is_swept(value) for value in (one, other) if value is not None)
        if was != other and (is_swept or is_of_bases(trees, old, new, both)):
            yield _value_change(
                trees, (old, new), both, (was, other)
            )  # others are reported as fields


def _value_change(
    trees: Trees,
    nodes: tuple[Node, Node],
    names: tuple[str, str],
    values: tuple[Value | None, Value | None],
) -> Declared:
    was, becomes = (notation(trees.new, v) if v is not None else "" for v in values)
    (old, new), subject = nodes, f"{nodes[1].name}.{names[1]}"
    points = dict(new.points).get(names[1])
    return Declared(
        kind=_kind(*values),
        subject=subject,
        message=changed(subject, was, becomes),
        impact=Impact.BEHAVIOUR,
        span=points.span if points is not None else place_of(new, new.field(names[1])),
        old=was,
        new=becomes,
        sites=field_sites(old, new, *names),
    )


def _kind(old: Value | None, new: Value | None) -> str:
    """What became of a value; a place that is swept before or after counts as that."""
    swept = [value is not None and _is_swept(value) for value in (old, new)]
    had, has = swept if any(swept) else (old is not None, new is not None)
    how = "changed" if had and has else "set" if has else "unset"
    return f"{'sweep' if any(swept) else 'value'}-{how}"


def _is_swept(value: Value) -> bool:
    return isinstance(value, SWEPT) or any(_is_swept(inner) for inner in inner_values(value))
