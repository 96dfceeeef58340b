"""Two trees -> the declared changes of enums."""

from collections.abc import Iterator, Mapping

from cngen.diff.changes import Gone, Impact
from cngen.diff.trees import Declared, Site, Trees, primary_places
from cngen.model.tree import EnumClass, Tree
from cngen.model.types import EnumType, Type, UnionType


def enum_changes(trees: Trees) -> Iterator[Declared]:
    """Enums with another name or other members."""
    for before, after in trees.matching.enums.items():
        old, new = trees.old.enums[before], trees.new.enums[after]
        if old.name != new.name:
            yield Declared(
                kind="enum-renamed",
                subject=new.name,
                message=f"enum `{old.name}` was renamed to `{new.name}`",
                impact=Impact.BREAKING,
                span=new.span,
                old=old.name,
                new=new.name,
                sites=((Site(old.key),), (Site(new.key),)),
            )
        if old.members != new.members:
            yield from _members(trees, old, new)


def _members(trees: Trees, old: EnumClass, new: EnumClass) -> Iterator[Declared]:
    was, becomes = dict(old.members), dict(new.members)
    renamed = trees.matching.members.get(old.key, {})
    for name, now in sorted(renamed.items()):
        message = f"`{old.name}.{name}` was renamed to `{new.name}.{now}`"
        yield Declared(
            kind="member-renamed",
            subject=f"{new.name}.{now}",
            message=message,
            impact=Impact.BREAKING,
            span=new.span,
            old=name,
            new=now,
            sites=((Site(old.key, name),), (Site(new.key, now),)),
            gone=_member_keys(trees, old, name, now),
        )
    for name in sorted({*was, *becomes} - {*renamed, *renamed.values()}):
        if was.get(name) == becomes.get(name) and name in was:
            yield from _places_changed(renamed, old, new, name)
        if was.get(name) != becomes.get(name):
            yield _member(trees, (old, new), name, was.get(name, ""), becomes.get(name, ""))


def _places_changed(
    renamed: Mapping[str, str], old: EnumClass, new: EnumClass, name: str
) -> Iterator[Declared]:
    """A member that became an alias of another one, which was its alias."""
    before, after = old.named(name), new.named(name)
    if before == name and renamed.get(before, before) != after:
        member, other = f"{new.name}.{name}", f"{new.name}.{after}"
        yield Declared(
            kind="member-changed",
            subject=member,
            message=f"`{member}` is now an alias of `{other}`",
            impact=Impact.BEHAVIOUR,
            span=new.span,
            old=name,
            new=after,
            sites=((Site(old.key, name),), (Site(new.key, name), Site(new.key, after))),
        )


def _member(
    trees: Trees, enums: tuple[EnumClass, EnumClass], name: str, was: str, becomes: str
) -> Declared:
    (old, new), subject = enums, f"{enums[1].name}.{name}"
    if not becomes:
        kind, impact, message = "removed", Impact.BREAKING, f"`{subject}` was removed"
    elif not was:
        kind, impact, message = "added", Impact.SAFE, f"`{subject}` was added"
    else:
        kind, impact = "changed", Impact.BEHAVIOUR
        message = f"`{subject}`: `{was}` -> `{becomes}`"
    lost = _member_keys(trees, old, name, "") if not becomes else ()
    return Declared(f"member-{kind}", subject, message, impact, new.span, was, becomes, gone=lost)


def _member_keys(trees: Trees, enum: EnumClass, name: str, now: str) -> tuple[Gone, ...]:
    """The keys that set a member that was removed, with its new name."""
    return tuple(
        Gone(f"{key}={name}", f"{key}={now}" if now else "")
        for key in _keys_of(trees.old, enum.key)
    )


def _keys_of(tree: Tree, enum: str) -> tuple[str, ...]:
    """The keys of primary configs that hold a member of an enum."""
    found = {key for key, place in primary_places(tree) if _is_enum(place.type, enum)}
    return tuple(sorted(found))


def _is_enum(written: Type, enum: str) -> bool:
    if isinstance(written, UnionType):
        return any(_is_enum(member, enum) for member in written.members)
    return written == EnumType(enum)
