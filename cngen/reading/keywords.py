"""The keywords of a class -> what they set of a node."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cngen import codes
from cngen.diagnostics import Span, did_you_mean
from cngen.model.values import Items, Scalar, Table, Unreadable, Value
from cngen.reading.fixes import legacy_group_fix
from cngen.reading.folding import ValueFolder
from cngen.reading.names import ClassTarget
from cngen.reading.reporter import Reporter, place_of
from cngen.reading.scope import Scope
from cngen.syntax.facts import Assign

CLASS_KEYWORDS = ("abstract", "aliases", "group", "launcher", "name", "sweeper", "target")


@dataclass(frozen=True, slots=True)
class Keywords:
    """The class keywords of a node, folded."""

    abstract: bool = False
    name: str = ""
    target: str = ""
    group: str | None = None
    aliases: tuple[str, ...] = ()
    launcher: str = ""
    sweeper: str = ""


@dataclass(frozen=True, slots=True)
class KeywordReader:
    """Reads the keywords of classes, and `_group` of earlier tools."""

    folder: ValueFolder
    reporter: Reporter

    def read(self, target: ClassTarget) -> Keywords:
        found = Keywords()
        for name, folded, place in self._written_keywords(target):
            if name not in CLASS_KEYWORDS:
                known = f"known: {', '.join(CLASS_KEYWORDS)}"
                hint = did_you_mean(name, CLASS_KEYWORDS) or known
                self.reporter.report(
                    codes.INVALID_CLASS_KEYWORD.found(
                        place, f"unknown class keyword `{name}`", hint
                    )
                )
                continue
            value = _plain(folded)
            kind = {"abstract": bool, "aliases": tuple}.get(name, str)
            if type(value) is not kind:
                wanted = {bool: "True or False", str: "a string", tuple: "a list of strings"}[kind]
                message = f"the class keyword `{name}` must be {wanted}"
                self.reporter.report(codes.INVALID_CLASS_KEYWORD.found(place, message))
                continue
            changed: dict[str, Any] = {name: value}
            found = replace(found, **changed)
        return self._legacy_group(target, found)

    def _written_keywords(self, target: ClassTarget) -> Iterator[tuple[str, Value, Span]]:
        """Each class keyword with its value and place, those of a `**` dict among them."""
        scope = Scope(target.file, target.definition.start)
        for keyword in target.definition.keywords:
            place = Span(target.file.source.path, keyword.start, keyword.end)
            folded = self.folder.read(keyword.value, scope)
            if keyword.name is not None:
                yield keyword.name, folded, place
                continue
            pairs = folded.items if isinstance(folded, Table) else ((folded, folded),)
            for key, value in pairs:
                name = _plain(key)
                if isinstance(folded, Table) and isinstance(name, str):
                    yield name, value, place
                elif not isinstance(folded, Unreadable):
                    message = "these class keywords aren't known statically"
                    hint = 'write them out: `name="..."`'
                    self.reporter.report(codes.INVALID_CLASS_KEYWORD.found(place, message, hint))

    def _legacy_group(self, target: ClassTarget, keywords: Keywords) -> Keywords:
        """`_group = "a/b"` in the body, as earlier tools wrote it."""
        for statement in target.definition.body:
            if (
                isinstance(statement, Assign)
                and statement.target == "_group"
                and statement.value is not None
            ):
                value = _plain(
                    self.folder.read(statement.value, Scope(target.file, statement.start))
                )
                hint = f'write `class {target.definition.name}(..., group="...")`, or remove it to use the folder'
                fix = legacy_group_fix(target, statement, value, keywords.group)
                message = "`_group` is deprecated"
                place = place_of(target.file, statement)
                self.reporter.report(codes.LEGACY_GROUP.found(place, message, hint, fix))
                if isinstance(value, str):
                    return (
                        keywords if keywords.group is not None else replace(keywords, group=value)
                    )
        return keywords


def _plain(value: Value) -> object:
    """A folded class keyword: a bool, a string or a tuple of strings."""
    if isinstance(value, Items):
        items = tuple(_plain(item) for item in value.items)
        return items if all(isinstance(item, str) for item in items) else None
    return value.value if isinstance(value, Scalar) else None
