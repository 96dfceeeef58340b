"""Classes and imports -> findings about what no store can be made of."""

import re
from dataclasses import dataclass

from cngen import codes
from cngen.diagnostics import Span, did_you_mean
from cngen.reading.inheritance import Inheritance
from cngen.reading.kinds import Classes, Kind
from cngen.reading.names import ClassTarget, File, Names
from cngen.reading.reporter import Reporter
from cngen.syntax.facts import (
    Assign,
    Attribute,
    Call,
    ClassDef,
    FunctionDef,
    Import,
    Name,
    Statement,
    first_name,
)


@dataclass(frozen=True, slots=True)
class ClassChecks:
    """Checks classes before they are read."""

    names: Names
    classes: Classes
    inheritance: Inheritance
    reporter: Reporter

    def bound_again(self, file: File, definition: ClassDef) -> None:
        """A class whose name stands for something else below: the store would import that."""
        again = self.names.bound_below(file, definition.name, definition.start)
        if again is None:
            return
        rule, name = codes.DUPLICATE_OPTION, definition.name
        message, hint = f"`{name}` is defined twice in this file", "rename or remove one of the two"
        if re.compile(rf"{name}\s*[.\[]").match(file.text, again.start):
            rule, message = codes.STRAY_STATEMENT, f"`{name}` is changed after its definition"
            hint = "set the value in the body of the class"
        self.reporter.on(file, again, rule, message, hint)

    def missing_import(self, file: File, statement: Import) -> None:
        """An import of a module of a root that isn't there, or of a name that the module lacks."""
        message = self.names.missing(file, statement)
        if not message:
            return
        name, module = statement.name or "", file.absolute(statement)
        homes = [home for home in self.names.homes(name) if home != module] if name else []
        hint = f"`{name}` is in `{homes[0]}`" if len(homes) == 1 else ""
        known = self.names.defined(module) or self.names.modules
        hint = hint or did_you_mean(name if self.names.defined(module) else module, known)
        start, end = statement.place if statement.place[1] else (statement.start, statement.end)
        span = Span(file.source.path, start, end)
        self.reporter.report(
            codes.UNRESOLVED_IMPORT.found(span, message, hint or "correct the import")
        )

    def abstract_methods(self, target: ClassTarget) -> None:
        """An option whose class leaves a method abstract: Python can't build it."""
        classes = [target, *self.inheritance.behind(target)]
        methods = (s for owner in classes for s in owner.definition.body)
        has_marks = any(isinstance(s, FunctionDef) and s.marks for s in methods)
        if not has_marks or not any(self.inheritance.refuses(owner) for owner in classes):
            return
        first: dict[str, tuple[ClassTarget, Statement]] = {}
        for owner in classes:
            for statement in owner.definition.body:
                if isinstance(statement, FunctionDef):
                    first.setdefault(statement.name, (owner, statement))
                elif isinstance(statement, Assign) and statement.value is not None:
                    first.setdefault(statement.target, (owner, statement))
        names = [
            name for name, (owner, s) in first.items() if self.inheritance.is_left_open(owner, s)
        ]
        if names:
            what = ", ".join(f"`{name}`" for name in names)
            message = f"`{target.definition.name}` is an option, but has abstract methods: {what}"
            hint = "implement them, or write `abstract=True`"
            self.reporter.on(target.file, target.definition, codes.ABSTRACT_OPTION, message, hint)

    def nested_node(self, file: File, definition: ClassDef, where: str = "class") -> None:
        if self.classes.nested_kind(file, definition) is Kind.NODE:
            message = f"the node `{definition.name}` is defined inside a {where}"
            self.reporter.on(
                file,
                definition,
                codes.NESTED_NODE,
                message,
                "define it at the top level of the file",
            )

    def decorators(self, target: ClassTarget) -> None:
        for decorator in target.definition.decorators:
            called = decorator.func if isinstance(decorator, Call) else decorator
            found = self.names.target(target.file, called, target.definition.start)
            name = getattr(found, "name", "")
            if name in ("typing.final", "typing_extensions.final"):
                continue
            hint = "remove the decorator"
            if name == "dataclasses.dataclass":
                hint = "remove it: cngen generates the dataclass, keyword-only, not frozen and without slots"
            text = " ".join(target.file.text[decorator.start : decorator.end].split())
            message = (
                f"the decorator `{text}` is not allowed on the node `{target.definition.name}`"
            )
            self.reporter.at(target.file, decorator, codes.DECORATED_NODE, message, hint)

    def unknown_base(self, target: ClassTarget) -> None:
        file, definition = target.file, target.definition
        for base, found in zip(definition.bases, self.classes.bases(target), strict=True):
            if self.classes.kind(found) is not Kind.UNKNOWN or isinstance(found, ClassTarget):
                continue
            if self.names.lacks(file, first_name(base)):
                continue  # reported at the import
            text = " ".join(file.text[base.start : base.end].split())
            if not isinstance(base, Name | Attribute):
                hint = "name the base class directly"
            elif self.names.has_outside_star(file):
                hint = "import it by name: a star import can't be resolved without running it"
            else:
                hint = "import it, or define it at the top level"
            self.reporter.at(
                file,
                base,
                codes.UNKNOWN_BASE,
                f"the base `{text}` of `{definition.name}` can't be resolved statically",
                hint,
            )
