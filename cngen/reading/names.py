"""Names -> what they stand for, through imports of every kind; never by the bare name alone."""

import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import cngen
from cngen.project.sources import Source
from cngen.reading.bindings import (
    OWN_NAMES,
    Binding,
    Bindings,
    attribute_changes,
    bindings_of,
    is_changeable,
)
from cngen.reading.enums import made_by_call
from cngen.reading.standard import STANDARD
from cngen.syntax.facts import (
    Assign,
    Attribute,
    Call,
    ClassDef,
    Expr,
    FunctionDef,
    Import,
    Module,
    Name,
    Other,
    Statement,
    free_names,
)

_MOST_ALIASES = 20

VOCABULARY = "cngen"
"""The one module outside the tree whose star import is known."""


@dataclass(frozen=True, slots=True)
class File:
    """One scanned source."""

    source: Source
    text: str
    module: Module

    @property
    def package(self) -> str:
        """The package that a relative import of this file starts from."""
        if self.source.path.endswith("/__init__.py"):
            return self.source.module
        return self.source.module.rpartition(".")[0]

    def absolute(self, statement: Import) -> str:
        """The dotted name of the module that one of this file's imports names."""
        if not statement.level:
            return statement.module
        package = self.package.split(".") if self.package else []
        kept = package[: max(len(package) - (statement.level - 1), 0)]
        return ".".join([*kept, *([statement.module] if statement.module else [])])

    def is_beyond(self, statement: Import) -> bool:
        """Whether a relative import leads above the topmost package."""
        depth = len(self.package.split(".")) if self.package else 0
        return statement.level > depth

    def modules(self, statement: Import) -> tuple[str, ...]:
        """The modules in which what one of this file's imports names may be defined."""
        module = self.absolute(statement)
        is_named = statement.name not in (None, "", "*")
        return (module, f"{module}.{statement.name}") if is_named else (module,)


@dataclass(frozen=True, slots=True)
class ClassTarget:
    file: File
    definition: ClassDef

    @property
    def key(self) -> str:
        """The qualified name."""
        return f"{self.file.source.module}.{self.definition.name}"


@dataclass(frozen=True, slots=True)
class ValueTarget:
    """A name bound once or more by plain assignments; `assign` is the one that counts."""

    file: File
    assign: Assign


@dataclass(frozen=True, slots=True)
class ModuleTarget:
    module: str


@dataclass(frozen=True, slots=True)
class ExternalTarget:
    """Something outside the files that were read, by its dotted name."""

    name: str


@dataclass(frozen=True, slots=True)
class RuntimeTarget:
    """A function, or a name whose value is known only when its module runs.

    Where it is one of several things, `options` has those that are known.
    """

    module: str
    name: str
    options: "tuple[Target, ...]" = ()


@dataclass(frozen=True, slots=True)
class OwnTarget:
    """What every module has for itself, like `__file__`: another in each."""

    file: File
    name: str


Target: TypeAlias = (
    ClassTarget | ValueTarget | ModuleTarget | ExternalTarget | RuntimeTarget | OwnTarget
)


class Names:
    """The names of all files.

    `base` has the names of the classes that count as CN: functions of their modules count as those of the
    vocabulary. `store` is the generated module, whose star import gives every class.
    """

    def __init__(self, files: Iterable[File], base: Iterable[str], store: str) -> None:
        self._files: Mapping[str, File] = {f.source.module: f for f in files}
        self._store = store
        self._packages = {p for module in self._files for p in _parents(module)}
        self._roots = {_root(file) for file in self._files.values()} - {""}
        self._bindings: dict[str, Bindings] = {}
        self._known: dict[tuple[str, str, int], Target | None] = {}
        self._active: set[tuple[str, str, int]] = set()
        self._asked: set[tuple[str, int, str]] = set()
        self._changed: dict[tuple[str, str], str] | None = None
        self.vocabulary = frozenset({VOCABULARY, *(name.rpartition(".")[0] for name in base)})
        found = (self.named(name) for name in base)
        homes = (one.file.source.module for one in found if isinstance(one, ClassTarget))
        self.vocabulary |= frozenset(homes)

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that were read."""
        return tuple(self._files)

    def target(self, file: File, expression: Expr, before: int | None = None) -> Target | None:
        """What a name or dotted name means in a file at an offset; None if nothing binds it.

        A constant that is another name for something else means that.
        """
        found = self._target(file, expression, before)
        for _ in range(_MOST_ALIASES):
            if not isinstance(found, ValueTarget):
                break
            value = found.assign.value
            if not isinstance(value, Name | Attribute):
                break
            behind = self._target(found.file, value, found.assign.start)
            if behind is None or isinstance(behind, RuntimeTarget | OwnTarget):
                break
            found = behind
        return found

    def named(self, dotted: str) -> Target | None:
        """What a qualified name stands for, also one by which a package hands something on."""
        module, _, name = dotted.rpartition(".")
        return self._member(module, name) if module in self._files else None

    def _target(self, file: File, expression: Expr, before: int | None) -> Target | None:
        if isinstance(expression, Name):
            return self.lookup(file, expression.id, before)
        if isinstance(expression, Attribute):
            return self._attribute(self.target(file, expression.value, before), expression.attr)
        return None

    def lookup(self, file: File, name: str, before: int | None = None) -> Target | None:
        """What a bare name means in a file at an offset, by what has bound it until there."""
        found = self._named(file, name)
        number = sum(before is None or one.start < before for one in found) or len(found)
        key = (file.source.module, name, number)
        if key not in self._known:
            if key in self._active:
                return None
            self._active.add(key)
            self._known[key] = self._search(file, name, found[:number])
            self._active.discard(key)
        return self._known[key]

    def changed_below(self, file: File, name: str, offset: int) -> int | None:
        """Where a name of a file gets another value after an offset, or what makes it does."""
        return self._changed_below(file, name, offset, set())

    def _changed_below(self, file: File, name: str, offset: int, seen: set[str]) -> int | None:
        if name in seen:
            return None
        seen.add(name)
        found = self._named(file, name)
        later = [one.start for one in found if one.start > offset]
        changes = [c.start for c in self._of(file).changes.get(name, ()) if c.start > offset]
        if (later and len(later) < len(found)) or changes:
            return min((*later, *changes))
        functions = (s for one in found for s in one.options if isinstance(s, FunctionDef))
        used = sorted({used for function in functions for used in function.names})
        places = (self._changed_below(file, one, offset, seen) for one in used)
        return next((place for place in places if place is not None), None)

    def bound_below(self, file: File, name: str, offset: int) -> Statement | None:
        """The first statement below an offset that binds a name again."""
        later = (one for one in self._named(file, name) if one.start > offset)
        return next((one.options[0] for one in later), None)

    def bound_too_late(self, file: File, name: str, offset: int) -> int | None:
        """The line in which a name is bound for the first time, if that is below an offset; else None."""
        found = self._named(file, name)
        if not found or found[0].start < offset or hasattr(builtins, name) or name in OWN_NAMES:
            return None
        return file.text.count("\n", 0, found[0].start) + 1

    def imports(self, file: File) -> Iterator[Import]:
        """The imports of a file that run, or may do so."""
        bindings = self._of(file)
        for found in (*bindings.by_name.values(), bindings.stars):
            for one in found:
                yield from (s for s in one.options if isinstance(s, Import))

    def function(self, target: RuntimeTarget) -> tuple[File, FunctionDef] | None:
        """The function that a name stands for, if it is one."""
        file = self._files.get(target.module)
        found = self._named(file, target.name) if file is not None else []
        last = found[-1].options[-1] if found else None
        if isinstance(last, Import) and file is not None:
            behind = self._member(file.absolute(last), last.name or "")
            is_other = isinstance(behind, RuntimeTarget) and behind != target
            return self.function(behind) if is_other else None  # type: ignore[arg-type]
        return (file, last) if file is not None and isinstance(last, FunctionDef) else None

    def behind(self, target: Target) -> Iterator[tuple[File, frozenset[str]]]:
        """The names that the definition of a name mentions, and the definitions of those of them that are no words."""
        waiting, seen = [target], set[tuple[str, str]]()
        while waiting:
            found = self._definition(waiting.pop())
            if found is None or (found[0].source.module, found[1]) in seen:
                continue
            file, name, names = found
            seen.add((file.source.module, name))
            yield file, names
            inner = (self.lookup(file, other) for other in sorted(names - {name}))
            waiting += (t for t in inner if isinstance(t, ValueTarget | RuntimeTarget))

    def _definition(self, target: Target) -> tuple[File, str, frozenset[str]] | None:
        """The file, the name, and what the statement that binds it mentions."""
        if isinstance(target, ValueTarget):
            value = target.assign.value
            names = free_names(value) if value is not None else set()
            return target.file, target.assign.target, frozenset(names)
        function = self.function(target) if isinstance(target, RuntimeTarget) else None
        if function is not None:
            return function[0], function[1].name, function[1].names
        file = self._files.get(target.module) if isinstance(target, RuntimeTarget) else None
        if file is None or not isinstance(target, RuntimeTarget):
            return None
        statements = (s for one in self._named(file, target.name) for s in one.options)
        others = (s.names for s in statements if isinstance(s, Other))
        return file, target.name, frozenset[str]().union(*others)

    def has_outside_star(self, file: File) -> bool:
        """Whether a star import brings names that nobody can see statically."""
        stars = (star.options[-1] for star in self._of(file).stars)
        modules = {file.absolute(star) for star in stars if isinstance(star, Import)}
        return bool(modules - {*self._files, *STANDARD, VOCABULARY, self._store})

    def why_unknown(
        self, file: File, what: str, name: str, before: int | None = None
    ) -> tuple[str, str]:
        """Why nothing is known of a name, and what to do."""
        if self.has_outside_star(file) and not self._named(file, name):
            message = f"the {what} `{name}` may come from a star import, which can't be resolved without running it"
            return message, f"import `{name}` by name"
        options = [s for one in self._named(file, name) for s in one.options]
        removed = [s for s in options if isinstance(s, Other) and s.is_removal]
        if removed:
            return f"the {what} `{name}` was removed above, by `del`", "remove the `del`"
        return f"the {what} `{name}` isn't defined or imported in this file", ""

    def missing(self, file: File, statement: Import) -> str:
        """What an import names that a root lacks: a module, or a name of a module; empty if nothing."""
        module = file.absolute(statement)
        if file.is_beyond(statement):
            return f"relative import beyond the top-level package `{file.package}`"
        if not self._is_below_root(module) or module == self._store:
            return ""
        if module not in self._files and module not in self._packages:
            return f"no module named `{module}`"
        if statement.name in (None, "", "*") or self._has(module, str(statement.name)):
            return ""
        return f"`{module}` has no `{statement.name}`"

    def lacks(self, file: File, name: str) -> bool:
        """Whether a name is bound by an import of something that doesn't exist, which is reported at the import."""
        statement = self.import_of(file, name)
        return statement is not None and bool(self.missing(file, statement))

    def homes(self, name: str) -> tuple[str, ...]:
        """The modules below the roots that define a name themselves."""
        inside = (f for f in self._files.values() if f.source.group is not None)
        found = (
            file.source.module
            for file in inside
            for one in self._of(file).by_name.get(name, ())
            if not isinstance(one.options[-1], Import)
        )
        return tuple(dict.fromkeys(found))

    def defined(self, module: str) -> tuple[str, ...]:
        """The names that a module binds."""
        file = self._files.get(module)
        return tuple(self._of(file).by_name) if file is not None else ()

    def is_read(self, module: str) -> bool:
        """Whether all names of a module are known."""
        file = self._files.get(module)
        return (
            file is not None
            and not self.has_outside_star(file)
            and "__getattr__" not in self._of(file).by_name
        )

    def _has(self, module: str, name: str) -> bool:
        if f"{module}.{name}" in self._files or f"{module}.{name}" in self._packages:
            return True
        file = self._files.get(module)
        if file is None:
            return False
        is_open = "__getattr__" in self._of(file).by_name or self.has_outside_star(file)
        return is_open or bool(self._named(file, name)) or name.startswith("__")

    def _is_below_root(self, module: str) -> bool:
        return any(module == root or module.startswith(f"{root}.") for root in self._roots)

    def import_of(self, file: File, name: str, before: int | None = None) -> Import | None:
        """The import statement that binds a name in a file at an offset, if one does."""
        found = self._named(file, name)
        earlier = [one for one in found if before is None or one.start < before] or found
        last = earlier[-1].options[-1] if earlier else None
        return last if isinstance(last, Import) else None

    def _named(self, file: File, name: str) -> list[Binding]:
        """What binds a name in a file, in the order of the file; star imports that bring it too."""
        bindings = self._of(file)
        found = bindings.by_name.get(name, [])
        stars = [star for star in bindings.stars if self._brings(file, star.options[-1], name)]
        return sorted([*found, *stars], key=lambda one: one.start) if stars else found

    def _brings(self, file: File, star: Statement, name: str) -> bool:
        """Whether a star import is known to bind a name."""
        key = (file.source.module, star.start, name)
        if not isinstance(star, Import) or key in self._asked:
            return False
        module = file.absolute(star)
        if module == VOCABULARY:
            return name in cngen.__all__
        if module in STANDARD:
            return name in STANDARD[module]
        if module == self._store:
            return self._in_store(name) is not None
        other = self._files.get(module)
        if other is None:
            return False
        self._asked.add(key)
        public = self._of(other).public
        is_public = name in public if public is not None else not name.startswith("_")
        is_there = is_public and bool(self._named(other, name))
        self._asked.discard(key)
        return is_there

    def _search(self, file: File, name: str, found: list[Binding]) -> Target | None:
        """What a name stands for after some bindings: all that the last of them may have bound."""
        targets: list[Target | None] = []
        is_certain = False
        for binding in reversed(found):
            targets += [self._bound(file, name, statement) for statement in binding.options]
            is_certain = binding.is_certain
            if is_certain:
                break
        if not is_certain and hasattr(builtins, name) and name not in OWN_NAMES:
            targets.append(ExternalTarget(f"builtins.{name}"))
        if not targets and name in OWN_NAMES:
            return OwnTarget(file, name)
        return _one_of(file, name, tuple(dict.fromkeys(targets)))

    def _in_store(self, name: str) -> Target | None:
        for file in self._files.values():
            for statement in file.module.body if file.source.group is not None else ():
                if isinstance(statement, ClassDef) and statement.name == name:
                    return ClassTarget(file, statement)
        return None

    def _bound(self, file: File, name: str, statement: Statement) -> Target | None:
        match statement:
            case ClassDef():
                return ClassTarget(file, statement)
            case Assign() if not self.is_changed(file, name, statement):
                made = self.made_enum(file, statement)
                return ValueTarget(file, statement) if made is None else ClassTarget(file, made)
            case FunctionDef() if name in cngen.__all__ and file.source.module in self.vocabulary:
                return ExternalTarget(f"{file.source.module}.{name}")
            case Import(name=None):
                return self._module(file.absolute(statement))
            case Import(name=""):
                return self._module(statement.bound)
            case Import(name=str(imported)):
                module = file.absolute(statement)
                target = self._member(module, name if imported == "*" else imported)
                is_value = isinstance(target, ValueTarget)
                if is_value and self.is_changed(file, name, statement):
                    return RuntimeTarget(file.source.module, name)
                return target
            case Other() if statement.is_removal:
                return None
        return RuntimeTarget(file.source.module, name)

    def made_enum(self, file: File, assign: Assign) -> ClassDef | None:
        """The enum that an assignment makes by a call, `Mode = Enum("Mode", ["A", "B"])`."""
        if not isinstance(assign.value, Call):
            return None
        made_by = self.target(file, assign.value.func, assign.start)
        name = made_by.name if isinstance(made_by, ExternalTarget) else ""
        is_enum = name.startswith("enum.")
        return made_by_call(assign.target, assign, name.removeprefix("enum.")) if is_enum else None

    def is_changed(self, file: File, name: str, statement: Statement) -> bool:
        """Whether the value that a statement binds may be changed in place by another one."""
        bindings = self._of(file)
        changes = bindings.changes.get(name, ())
        if isinstance(statement, Assign) and not is_changeable(statement.value):
            return any(change.is_rebound for change in changes)
        return name in bindings.touched or bool(changes)

    def changed_elsewhere(self, target: Target | None) -> str:
        """Where another file that was read changes a constant, as `path:line`; empty if none does."""
        match target:
            case ValueTarget(file, assign):
                module, name = file.source.module, assign.target
            case RuntimeTarget(module, name):
                pass
            case _:
                return ""
        if self._changed is None:
            self._changed = dict(self._changes_of_others())
        return self._changed.get((module, name), "")

    def _changes_of_others(self) -> Iterator[tuple[tuple[str, str], str]]:
        """The module and the name of each constant that another module changes when it is imported, and where."""
        for file in self._files.values():
            for found, at in (*self._changes_by_name(file), *self._changes_by_module(file)):
                if found[0] != file.source.module:
                    yield found, f"{file.source.path}:{file.text.count(chr(10), 0, at) + 1}"

    def _changes_by_name(self, file: File) -> Iterator[tuple[tuple[str, str], int]]:
        for name, changes in self._of(file).changes.items():
            for change in changes:
                statement = self.import_of(file, name, change.start)
                found = self.lookup(file, name, change.start)
                if statement is not None and statement.name and isinstance(found, RuntimeTarget):
                    imported = name if statement.name == "*" else statement.name
                    found = self._member(file.absolute(statement), imported)
                if isinstance(found, ValueTarget):
                    yield (found.file.source.module, found.assign.target), change.start
                elif isinstance(found, RuntimeTarget):
                    yield (found.module, found.name), change.start

    def _changes_by_module(self, file: File) -> Iterator[tuple[tuple[str, str], int]]:
        def is_imported(name: str) -> bool:
            options = (option for one in self._named(file, name) for option in one.options)
            return any(isinstance(option, Import) for option in options)

        for name, attribute, at in attribute_changes(file.text, file.module.body, is_imported):
            found = self.lookup(file, name, at)
            if isinstance(found, ModuleTarget):
                yield (found.module, attribute), at

    def _module(self, module: str) -> Target:
        known = module in self._files or module in self._packages
        return ModuleTarget(module) if known and module != VOCABULARY else ExternalTarget(module)

    def _member(self, module: str, name: str) -> Target | None:
        if module == VOCABULARY:
            return _outside(module, name)
        if module == self._store:
            return self._in_store(name)
        inner = f"{module}.{name}"
        if module in self._files:
            target = self.lookup(self._files[module], name)
            if target is not None and target != ExternalTarget(f"builtins.{name}"):
                return target
        if inner in self._files or inner in self._packages:
            return ModuleTarget(inner)
        return None if module in self._files else _outside(module, name)

    def _attribute(self, owner: Target | None, attr: str) -> Target | None:
        if isinstance(owner, ModuleTarget):
            return self._member(owner.module, attr)
        if isinstance(owner, ExternalTarget):
            return _outside(owner.name, attr)
        return None

    def _of(self, file: File) -> Bindings:
        bindings = self._bindings.get(file.source.module)
        if bindings is None:
            # Modules that import each other see what is known until then.
            self._bindings[file.source.module] = Bindings()
            bindings = bindings_of(file.module.body, file.text, lambda i: self._is_there(file, i))
            self._bindings[file.source.module] = bindings
        return bindings

    def _is_there(self, file: File, statement: Import) -> bool | None:
        """Whether an import succeeds; None where that depends on what is installed."""
        module = file.absolute(statement)
        if file.is_beyond(statement) or self.missing(file, statement):
            return False
        if module in self._files or module in self._packages or module == self._store:
            return True
        names = STANDARD.get(module, cngen.__all__ if module == VOCABULARY else ())
        return True if module in STANDARD or statement.name in names else None


def _one_of(file: File, name: str, targets: tuple[Target | None, ...]) -> Target | None:
    """What a name stands for that is one of several things: what they agree on, if they do."""
    known = tuple(target for target in targets if target is not None)
    if len(known) < 2:
        return known[0] if known else None
    outside = [target.name for target in known if isinstance(target, ExternalTarget)]
    if len(outside) == len(known) and len({n.rpartition(".")[2] for n in outside}) == 1:
        # The same of the standard library and of a package that brings it to older versions.
        return ExternalTarget(min(outside, key=lambda n: (n.rpartition(".")[0] not in STANDARD, n)))
    return RuntimeTarget(file.source.module, name, known)


def _outside(module: str, name: str) -> ExternalTarget:
    """A name of a module that isn't read; what OmegaConf hands on is the same wherever it is taken from."""
    if name in ("MISSING", "II", "SI") and module.partition(".")[0] in ("hydra", "omegaconf"):
        return ExternalTarget(f"omegaconf.{name}")
    return ExternalTarget(f"{module}.{name}")


def _root(file: File) -> str:
    """The package of the root in which a file lies; empty for one outside, or a root without a name."""
    if file.source.group is None:
        return ""
    parts = file.package.split(".")
    depth = len(file.source.group.split("/")) if file.source.group else 0
    return ".".join(parts[: len(parts) - depth])


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]
