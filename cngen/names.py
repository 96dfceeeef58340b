"""Names -> what they stand for, through imports of every kind; never by the bare name alone."""

import builtins
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import cngen
from cngen.enums import made_by_call
from cngen.source import Source
from cngen.syntax import (
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

_CHANGE = re.compile(
    r"\bglobal\s+([\w, ]+)|(?<![\w.])(\w+)(?:\[[^\]\n]*\]\s*[-+*/|&^%]?=(?!=)"
    r"|\.(?:add|append|clear|discard|extend|insert|pop|popitem|remove|reverse|setdefault|sort|update)\()"
)

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
    """A function, or a name whose value only running its module would tell."""

    module: str
    name: str


Target: TypeAlias = ClassTarget | ValueTarget | ModuleTarget | ExternalTarget | RuntimeTarget


@dataclass(slots=True)
class _Bindings:
    """What the top level of one file binds.

    Statements that aren't read may have changed what `touched` names hold, and have bound `bound` ones.
    """

    by_name: dict[str, list[Statement]] = field(default_factory=dict)
    stars: list[Import] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)


class Names:
    """The names of all files. `store` is the generated module, whose star import gives every class."""

    def __init__(self, files: Iterable[File], external: Iterable[str], store: str) -> None:
        self._files: Mapping[str, File] = {f.source.module: f for f in files}
        self._external = frozenset(external)
        self._store = store
        self._packages = {p for module in self._files for p in _parents(module)}
        self._roots = {_root(file) for file in self._files.values()} - {""}
        self._bindings: dict[str, _Bindings] = {}
        self._known: dict[tuple[str, str], Target | None] = {}
        self._active: set[tuple[str, str]] = set()

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that were read."""
        return tuple(self._files)

    def target(self, file: File, expression: Expr, before: int | None = None) -> Target | None:
        """What a name or dotted name means in a file at an offset; None if nothing binds it."""
        if isinstance(expression, Name):
            return self.lookup(file, expression.id, before)
        if isinstance(expression, Attribute):
            owner = self.target(file, expression.value, before)
            return self._attribute(owner, expression.attr)
        return None

    def lookup(self, file: File, name: str, before: int | None = None) -> Target | None:
        """What a bare name means in a file; of several bindings the last one above `before`."""
        found = self._of(file).by_name.get(name)
        if found is not None and len(found) > 1 and before is not None:
            earlier = [statement for statement in found if statement.start < before]
            return self._bound(file, name, (earlier or found)[-1])
        key = (file.source.module, name)
        if key not in self._known:
            if key in self._active:
                return None
            self._active.add(key)
            self._known[key] = self._search(file, name, found)
            self._active.discard(key)
        return self._known[key]

    def has_outside_star(self, file: File) -> bool:
        """Whether a star import brings names that nobody can see statically."""
        modules = (file.absolute(star) for star in self._of(file).stars)
        return any(module not in self._files and module != VOCABULARY for module in modules)

    def missing(self, file: File, statement: Import) -> str:
        """What an import names that a root lacks: a module, or a name of a module; empty if nothing."""
        module = file.absolute(statement)
        if not self._is_below_root(module) or module == self._store:
            return ""
        if module not in self._files and module not in self._packages:
            return f"there is no module `{module}`"
        if statement.name in (None, "", "*") or self._has(module, str(statement.name)):
            return ""
        return f"`{module}` has no `{statement.name}`"

    def lacks(self, file: File, name: str) -> bool:
        """Whether a name is bound by an import of something that isn't there, which is told at the import."""
        statement = self.import_of(file, name)
        return statement is not None and bool(self.missing(file, statement))

    def homes(self, name: str) -> tuple[str, ...]:
        """The modules below the roots that define a name themselves."""
        inside = (f for f in self._files.values() if f.source.group is not None)
        return tuple(
            file.source.module
            for file in inside
            if any(not isinstance(s, Import) for s in self._of(file).by_name.get(name, ()))
        )

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
        bindings = self._of(file)
        is_open = "__getattr__" in bindings.by_name or self.has_outside_star(file)
        is_bound = name in bindings.by_name or name in bindings.bound or name.startswith("__")
        target = self._search(file, name, None) if bindings.stars else None
        return is_open or is_bound or target not in (None, ExternalTarget(f"builtins.{name}"))

    def _is_below_root(self, module: str) -> bool:
        return any(module == root or module.startswith(f"{root}.") for root in self._roots)

    def import_of(self, file: File, name: str) -> Import | None:
        """The import statement that binds a name in a file, if one does."""
        found = self._of(file).by_name.get(name, [])
        last = found[-1] if found else None
        return last if isinstance(last, Import) else None

    def _search(self, file: File, name: str, found: list[Statement] | None) -> Target | None:
        if found:
            return self._bound(file, name, found[-1])
        for star in reversed(self._of(file).stars):
            module = file.absolute(star)
            target = self._in_store(name) if module == self._store else None
            if module == VOCABULARY and name in cngen.__all__:
                target = ExternalTarget(f"{VOCABULARY}.{name}")
            if module in self._files:
                target = self.lookup(self._files[module], name)
            if target is not None:
                return target
        is_builtin = hasattr(builtins, name)
        changed = self._of(file).bound if is_builtin else self._of(file).touched
        if name in changed:
            return RuntimeTarget(file.source.module, name)
        return ExternalTarget(f"builtins.{name}") if is_builtin else None

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
            case Assign() if name not in self._of(file).touched:
                made = self.made_enum(file, statement)
                return ValueTarget(file, statement) if made is None else ClassTarget(file, made)
            case Import(name=None):
                return self._module(file.absolute(statement))
            case Import(name=""):
                return self._module(statement.bound)
            case Import(name=str(imported)):
                target = self._member(file.absolute(statement), imported)
                if isinstance(target, ValueTarget) and name in self._of(file).touched:
                    return RuntimeTarget(file.source.module, name)
                return target
        return RuntimeTarget(file.source.module, name)

    def made_enum(self, file: File, assign: Assign) -> ClassDef | None:
        """The enum that an assignment makes by a call, `Mode = Enum("Mode", ["A", "B"])`."""
        if not isinstance(assign.value, Call):
            return None
        made_by = self.target(file, assign.value.func, assign.start)
        name = made_by.name if isinstance(made_by, ExternalTarget) else ""
        is_enum = name.startswith("enum.")
        return made_by_call(assign.target, assign, name.removeprefix("enum.")) if is_enum else None

    def _module(self, module: str) -> Target:
        known = module in self._files or module in self._packages
        return (
            ModuleTarget(module)
            if known and module not in self._external
            else ExternalTarget(module)
        )

    def _member(self, module: str, name: str) -> Target | None:
        if module in self._external:
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

    def _of(self, file: File) -> _Bindings:
        bindings = self._bindings.get(file.source.module)
        if bindings is None:
            bindings = _collect(file.module.body)
            bindings.touched.update(_mutated(file.text, bindings))
            self._bindings[file.source.module] = bindings
        return bindings


def _collect(body: tuple[Statement, ...]) -> _Bindings:
    bindings = _Bindings()
    for statement in body:
        match statement:
            case Import(name="*"):
                bindings.stars.append(statement)
            case (
                Import(bound=name)
                | Assign(target=name)
                | ClassDef(name=name)
                | FunctionDef(name=name)
            ):
                bindings.by_name.setdefault(name, []).append(statement)
            case Other(names=names, bound=bound):
                bindings.touched.update(names)
                bindings.bound.update(bound)
    return bindings


def _mutated(text: str, bindings: _Bindings) -> set[str]:
    """The names whose value may change without a statement of the module that names them.

    A function may do so, or another name for the same value. Functions aren't scanned: what looks like
    a change anywhere in the text counts.
    """
    found = {
        name
        for match in _CHANGE.finditer(text)
        for name in re.findall(r"\w+", match[1] or match[2])
    }
    waiting = [*(found | bindings.touched)]
    while waiting:
        for statement in bindings.by_name.get(waiting.pop(), ()):
            if isinstance(statement, Assign) and statement.value is not None:
                new = free_names(statement.value) - found - bindings.touched
                found |= new
                waiting += new
    return found & set(bindings.by_name)


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
