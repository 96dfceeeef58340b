"""Two trees -> the declared changes of fields."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from cngen.compose.configs import converted
from cngen.compose.defaults import effective, normal
from cngen.diagnostics import Span
from cngen.diff.changes import Impact
from cngen.diff.command_lines import field_gone, narrowed
from cngen.diff.declared.nodes import changed
from cngen.diff.spelling import in_order, plain_type
from cngen.diff.trees import Declared, Trees, field_sites
from cngen.hydra.fitting import accepts
from cngen.hydra.types import storable
from cngen.model.printing import notation, stored_type_text
from cngen.model.tree import Field, Node, Tree
from cngen.model.types import NONE, OtherType, Type, UnionType, node_type
from cngen.model.values import Instance, Missing, Value

Part: TypeAlias = Callable[[Trees, Node, Node, tuple[str, str]], tuple[object, object]]
"""What of a field is compared, by its names in both trees: what it was and what it is."""


def field_changes(trees: Trees) -> Iterator[Declared]:
    """What the classes that are in both trees declare differently, each once: where it is written."""
    for old, new in trees.pairs:
        if not new.is_experiment and not old.is_experiment:
            yield from _fields(trees, old, new)


# Fields


def _fields(trees: Trees, old: Node, new: Node) -> Iterator[Declared]:
    for field in old.fields:
        name = trees.matching.field(old.key, field.name)
        now = new.field(name)
        if now is None:
            is_own = field.name in old.declared  # other bases are reported as such
            if is_own and not any(_has_lost(trees, b, field.name) for b in old.lineage[1:]):
                yield _removed(trees, old, new, field)
            continue
        if (
            name != field.name
            and field.name in old.declared
            and not _is_inherited_name(trees, old, field.name, name)
        ):
            yield _renamed(trees, old, new, field, now)
        yield from _type(trees, old, new, field, now)
        if not _is_set_by_derived(trees, old, new, (field.name, name)):
            yield from _default(trees, old, new, field, now)
    known = {trees.matching.field(old.key, f.name) for f in old.fields}
    for field in new.fields:
        if field.name in known or field.name not in new.declared:
            continue
        if not any(_has_new(trees, b, field.name) for b in new.lineage[1:]):
            yield _added(trees, old, new, field)


def _is_set_by_derived(trees: Trees, old: Node, new: Node, names: tuple[str, str]) -> bool:
    """Whether a derived config sets a field of its base, which is reported as a value."""
    is_written = names[0] in dict(old.written) or names[1] in dict(new.written)
    return is_written and is_of_bases(trees, old, new, names)


def is_of_bases(trees: Trees, old: Node, new: Node, names: tuple[str, str]) -> bool:
    """Whether a field is inherited in both trees."""
    return any(trees.old.nodes[b].field(names[0]) is not None for b in old.lineage[1:]) and any(
        trees.new.nodes[b].field(names[1]) is not None for b in new.lineage[1:]
    )


def _has_lost(trees: Trees, base: str, name: str) -> bool:
    """Whether a base of the old tree had a field and has it no more."""
    old, new = trees.old.nodes[base], trees.now(base)
    if old.field(name) is None:
        return False
    return new is None or new.field(trees.matching.field(base, name)) is None


def _has_new(trees: Trees, base: str, name: str) -> bool:
    """Whether a base of the new tree has a field that it hadn't."""
    before = trees.before.get(base)
    if trees.new.nodes[base].field(name) is None:
        return False
    if before is None:
        return True
    old = trees.old.nodes[before]
    return name not in {trees.matching.field(before, f.name) for f in old.fields}


def _is_inherited_name(trees: Trees, old: Node, name: str, now: str) -> bool:
    return any(
        trees.old.nodes[b].field(name) is not None and trees.matching.field(b, name) == now
        for b in old.lineage[1:]
    )


def _is_inherited(trees: Trees, old: Node, new: Node, names: tuple[str, str], part: Part) -> bool:
    """Whether a base of both changed in the same way, so that it is reported there."""
    own = part(trees, old, new, names)
    for base in old.lineage[1:]:
        key = trees.matching.nodes.get(base)
        if key is None or key not in new.lineage[1:]:
            continue
        one, other = trees.old.nodes[base], trees.new.nodes[key]
        has_both = one.field(names[0]) is not None and other.field(names[1]) is not None
        if has_both and part(trees, one, other, names) == own:
            return True
    return False


def _types(trees: Trees, old: Node, new: Node, names: tuple[str, str]) -> tuple[Type, Type]:
    """What a field's type was, with the names of today, and what it is."""
    one, other = _field(old, names[0]), _field(new, names[1])
    return plain_type(trees.matching.type(one.type)), plain_type(other.type)


def _defaults(
    trees: Trees, old: Node, new: Node, names: tuple[str, str]
) -> tuple[Value | None, Value | None]:
    """What a field's default was, with the names of today, and what it is."""
    before = _value(trees.old, _field(old, names[0]))
    after = _value(trees.new, _field(new, names[1]))
    return (trees.matching.value(before) if before is not None else None), after


def _means_the_same(trees: Trees, now: Field, before: Value | None, after: Value | None) -> bool:
    """Whether two defaults are the same as the field stores them now, whatever the words."""
    if before is None or after is None:
        return before is after
    stored = storable(now.type, trees.new.settings.hydra)
    return in_order(converted(stored, before)) == in_order(converted(stored, after))


def _is_written_alike(trees: Trees, field: Field, now: Field) -> bool:
    """Whether a default has the words that it had, so that what differs is in the class that it names."""
    one, other = effective(trees.old, field), effective(trees.new, now)
    return one is not None and other is not None and trees.matching.value(one) == other


def _field(node: Node, name: str) -> Field:
    found = node.field(name)
    assert found is not None  # looked up by a name that it has
    return found


def _value(tree: Tree, field: Field) -> Value | None:
    """The default of a field in its shortest form; None if it is required."""
    value = effective(tree, field)
    if value is None or isinstance(value, Missing):
        return None
    return (
        normal(tree, value) if isinstance(value, Instance) and value.node in tree.nodes else value
    )


def _subject(node: Node, name: str) -> str:
    """How a person names a field of a class; `_target_` is written as a class keyword."""
    return f"{node.name}.{'target' if name == '_target_' else name}"


def place_of(node: Node, field: Field | None) -> Span:
    """Where a class declares a field; the class itself if it inherits the field."""
    return field.span if field is not None and field.name in node.declared else node.span


def _removed(trees: Trees, old: Node, new: Node, field: Field) -> Declared:
    subject = _subject(old, field.name)
    return Declared(
        kind="field-removed",
        subject=subject,
        message=f"field `{subject}` was removed",
        impact=Impact.BREAKING,
        span=place_of(old, field),
        old=_full(trees.old, field),
        is_old=True,
        sites=field_sites(old, new, field.name, field.name),
        gone=field_gone(trees, old, field.name),
    )


def _added(trees: Trees, old: Node, new: Node, field: Field) -> Declared:
    subject, text = _subject(new, field.name), _full(trees.new, field)
    is_required = _must_be_given(trees.new, new, field.name)
    what = "required field" if is_required else "field"
    return Declared(
        kind="field-added",
        subject=subject,
        message=f"{what} `{subject}` was added: `{text}`",
        impact=_impact_of_new(field, is_required),
        span=place_of(new, field),
        new=text,
        sites=field_sites(old, new, field.name, field.name),
    )


def _impact_of_new(field: Field, is_required: bool) -> Impact:
    """A field with a default changes no other value; but `instantiate` looks for a target."""
    if is_required:
        return Impact.BREAKING
    return Impact.BEHAVIOUR if field.name == "_target_" else Impact.SAFE


def _must_be_given(tree: Tree, node: Node, name: str) -> bool:
    """Whether an option or config that is the class, or inherits from it, has no default for a field."""
    heirs = (n for n in tree.nodes.values() if node.key in n.lineage and n.option is not None)
    fields = (heir.field(name) for heir in heirs)
    return any(field is not None and _value(tree, field) is None for field in fields)


def _full(tree: Tree, field: Field) -> str:
    value = _value(tree, field)
    return stored_type_text(tree, field.type) + (
        f" = {notation(tree, value)}" if value is not None else ""
    )


def _renamed(trees: Trees, old: Node, new: Node, field: Field, now: Field) -> Declared:
    subject = _subject(new, now.name)
    return Declared(
        kind="field-renamed",
        subject=subject,
        message=f"field `{_subject(old, field.name)}` was renamed to `{subject}`",
        impact=Impact.BREAKING,
        span=place_of(new, now),
        old=field.name,
        new=now.name,
        sites=field_sites(old, new, field.name, now.name),
        gone=field_gone(trees, old, field.name, now.name),
    )


def _type(trees: Trees, old: Node, new: Node, field: Field, now: Field) -> Iterator[Declared]:
    names = field.name, now.name
    before, after = _types(trees, old, new, names)
    if before != after and not _is_inherited(trees, old, new, names, _types):
        subject = _subject(new, now.name)
        was, becomes = (
            stored_type_text(trees.old, field.type),
            stored_type_text(trees.new, now.type),
        )
        is_wider = accepts(trees.new, after, before)
        yield Declared(
            kind="type-changed",
            subject=subject,
            message=f"type of `{subject}` changed: `{was}` -> `{becomes}`",
            impact=Impact.SAFE
            if is_wider or _are_stored_alike(trees, before, after)
            else Impact.BREAKING,
            span=place_of(new, now),
            old=was,
            new=becomes,
            sites=field_sites(old, new, field.name, now.name),
            gone=()
            if is_wider or node_type(after) is not None
            else narrowed(trees, old, field.name, _lost(trees.new, before, after, was), becomes),
        )


def _lost(tree: Tree, before: Type, after: Type, text: str) -> str:
    """What of one type another one doesn't take: `null` where it is None alone, else any of the type."""
    members = before.members if isinstance(before, UnionType) else ()
    rest = [member for member in members if member != NONE]
    is_none = len(rest) < len(members) and all(accepts(tree, after, member) for member in rest)
    return "null" if is_none else f"<{text}>"


def _are_stored_alike(trees: Trees, before: Type, after: Type) -> bool:
    """Whether one of two types is none that a config can hold, and the store has the same for both."""
    hydra = trees.new.settings.hydra
    is_other = isinstance(before, OtherType) or isinstance(after, OtherType)
    return is_other and storable(before, hydra) == storable(after, hydra)


def _default(trees: Trees, old: Node, new: Node, field: Field, now: Field) -> Iterator[Declared]:
    names = field.name, now.name
    before, after = _defaults(trees, old, new, names)
    if _means_the_same(trees, now, before, after) or _is_written_alike(trees, field, now):
        return
    if _is_inherited(trees, old, new, names, _defaults):
        return
    subject = _subject(new, now.name)
    was = notation(trees.new, before) if before is not None else ""
    becomes = notation(trees.new, after) if after is not None else ""
    kind, impact, message = "default-changed", Impact.BEHAVIOUR, changed(subject, was, becomes)
    if after is None:
        kind = "default-removed"
        must_be = _must_be_given(trees.new, new, now.name)
        impact = Impact.BREAKING if must_be else Impact.SAFE
        message = f"`{subject}` is now required (was `{was}`)"
    elif before is None:
        kind, impact = "default-added", Impact.SAFE
        message = f"`{subject}` is no longer required (default: `{becomes}`)"
    elif _option(before) != _option(after):
        kind = "default-option-changed"
    yield Declared(
        kind=kind,
        subject=subject,
        message=message,
        impact=impact,
        span=place_of(new, now),
        old=was,
        new=becomes,
        sites=field_sites(old, new, field.name, now.name),
    )


def _option(value: Value) -> str:
    return value.node if isinstance(value, Instance) else ""
