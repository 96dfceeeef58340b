"""Matched classes -> which of their fields and members have another name."""

from collections import Counter
from collections.abc import Mapping, Sequence

from cngen.diff.matching import Matching
from cngen.diff.shapes import matched, near
from cngen.model.tree import EnumClass, Field, Node, Tree

# Members of enums


def renamed_members(old: EnumClass, new: EnumClass) -> dict[str, str]:
    """Members that are gone, each with the one new member that has its value."""
    gone = [m for m in old.members if m[0] not in dict(new.members)]
    come = [m for m in new.members if m[0] not in dict(old.members)]
    pairs = matched(gone, come, (lambda member: member[1] if "auto(" not in member[1] else None,))
    return {before: after for (before, _), (after, _) in pairs}


# Fields


def renamed_fields(old: Tree, new: Tree, found: Matching) -> Mapping[str, Mapping[str, str]]:
    """The renamed fields of every old node: its bases' and its own."""
    renamed: dict[str, Mapping[str, str]] = {}

    def visit(key: str) -> Mapping[str, str]:
        if key not in renamed:
            renamed[key] = {}
            node, other = old.nodes[key], new.nodes.get(found.nodes.get(key, ""))
            inherited = {
                k: v for base in node.bases if base in old.nodes for k, v in visit(base).items()
            }
            own = _own_renames(node, other, found, inherited) if other is not None else {}
            renamed[key] = {**inherited, **own}
        return renamed[key]

    for key in old.nodes:
        visit(key)
    return {key: names for key, names in renamed.items() if names}


def _own_renames(
    old: Node, new: Node, found: Matching, inherited: Mapping[str, str]
) -> dict[str, str]:
    """Fields that are gone, each with the one new field that has its type and its default.

    It must be where that stood, or have a name like it.
    """
    if old.is_experiment or new.is_experiment:
        return {}
    were, are = _own(old), _own(new)
    known, others = {f.name for f in new.fields} | {*inherited}, {f.name for f in old.fields}
    others |= {*inherited.values()}
    come: dict[object, list[Field]] = {}
    for own in are:
        if own.name not in others:
            come.setdefault((own.type, own.default), []).append(own)
    beside, beside_now = _neighbours(were), _neighbours(are)
    pairs = [
        (gone.name, other.name)
        for gone in were
        if gone.name not in known
        for other in come.get(_sign(gone, found), ())
        if near(gone.name, other.name) or beside[gone.name] == beside_now[other.name]
    ]
    times = Counter(name for pair in pairs for name in (("old", pair[0]), ("new", pair[1])))
    return {a: b for a, b in pairs if times["old", a] == times["new", b] == 1}


def _own(node: Node) -> list[Field]:
    return [f for f in node.fields if f.name in node.declared and f.name != "_target_"]


def _sign(gone: Field, found: Matching) -> object:
    """What a field under another name has in common with it: the type and the default, as they are now."""
    default = found.value(gone.default) if gone.default is not None else None
    return found.type(gone.type), default


def _neighbours(fields: Sequence[Field]) -> Mapping[str, tuple[str, str]]:
    """The names before and behind each field."""
    names = ["", *(field.name for field in fields), ""]
    return {name: (names[at], names[at + 2]) for at, name in enumerate(names[1:-1])}
