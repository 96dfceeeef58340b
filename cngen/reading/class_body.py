"""The body of a node -> its fields, and what else it sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cngen import codes
from cngen.diagnostics import Edit, Fix, Span, did_you_mean
from cngen.model.tree import Field
from cngen.model.types import Type
from cngen.model.values import Interval, Sweep, Value
from cngen.reading.annotations import Annotations
from cngen.reading.class_checks import ClassChecks
from cngen.reading.folding import ValueFolder
from cngen.reading.names import ClassTarget, File
from cngen.reading.reporter import Reporter, place_of
from cngen.reading.scope import Scope
from cngen.reading.suggestions import Suggestions
from cngen.syntax.facts import (
    Assign,
    ClassDef,
    Constant,
    Expr,
    FunctionDef,
    Import,
    Other,
    Statement,
    mentioned_names,
)

_CONSTRUCTION = frozenset({"__init__", "__new__", "__init_subclass__", "__class_getitem__"})
_INERT = frozenset({"__doc__", "__module__", "__qualname__", "__annotations__"})


@dataclass(frozen=True, slots=True)
class BodyTools:
    """What reads and checks the parts of a body."""

    folder: ValueFolder
    annotations: Annotations
    suggestions: Suggestions
    checks: ClassChecks
    reporter: Reporter


@dataclass(slots=True)
class BodyReader:
    """Reads the body of one node, statement by statement."""

    tools: BodyTools
    target: ClassTarget
    inherited: Mapping[str, Field]
    is_experiment: bool
    is_base: bool
    class_variables: frozenset[str]
    fields: dict[str, Field] = field(default_factory=dict)
    defaults: Value | None = None
    hydra: Value | None = None
    points: tuple[tuple[str, Value], ...] = ()
    behaviour: bool = False
    custom: frozenset[str] = frozenset()

    def read(self) -> None:
        """Read every statement of the body, in order."""
        name, module = self.target.definition.name, self.target.file.source.module
        local: dict[str, Expr] = {
            "__module__": Constant(module, repr(module), 0, 0),
            "__qualname__": Constant(name, repr(name), 0, 0),
        }
        inner: set[str] = set()
        parameters = self.target.definition.type_parameters
        unread: set[str] = set()
        custom: set[str] = set()
        for statement in self.target.definition.body:
            scope = Scope(self.target.file, statement.start, local, (), inner, parameters)
            unread -= mentioned_names(statement)
            if not isinstance(statement, Assign):
                inner |= self._defined(statement)
                continue
            before = self.fields.get(statement.target)
            self._assign(statement, scope)
            if statement.annotation is None and statement.target.startswith("__"):
                custom.add(statement.target)
            if statement.value is not None:
                self._check_repeated(statement, before, unread)
                local[statement.target] = statement.value
                unread.add(statement.target)
        self.custom = frozenset(one for one in custom | inner if one.startswith("__"))

    def _defined(self, statement: Statement) -> set[str]:
        """The methods and classes that a statement in a body defines."""
        match statement:
            case FunctionDef(name):
                if self.is_base and name in _CONSTRUCTION:
                    return set()
                self._check_method(statement)
                self.behaviour = True
                return {name}
            case ClassDef(name):
                self.behaviour = True
                self.tools.checks.nested_node(self.target.file, statement)
                return {name}
            case Other(classes=classes) if classes and not self.is_base:
                for one in classes:
                    self.tools.checks.nested_node(self.target.file, one)
            case _ if not self.is_base:
                hint = "a node contains fields, methods and docstrings; compute values in module constants"
                message = "this statement isn't a field of a config node"
                self.tools.reporter.on(
                    self.target.file, statement, codes.STRAY_STATEMENT, message, hint
                )
        return set()

    def _assign(self, assign: Assign, scope: Scope) -> None:
        name, value = assign.target, assign.value
        if assign.annotation is not None:
            self._annotated(assign, assign.annotation, scope)
        elif value is None or name in _INERT or name == "_group":
            pass
        elif name in self.class_variables:
            self.behaviour = True
        elif name == "defaults":
            self.defaults = self.tools.folder.read(value, scope)
        elif name == "hydra":
            self.hydra = self.tools.folder.read(value, scope)
        elif name in self.fields or name in self.inherited:
            written = (self.fields.get(name) or self.inherited[name]).type
            self.fields[name] = self._field(assign, written, scope)
        else:
            self._assign_new(assign, value, scope)

    def _assign_new(self, assign: Assign, value: Expr, scope: Scope) -> None:
        """A name without an annotation that is no field: special, a class variable of a base, or points."""
        name = assign.target
        if name.startswith("__") and name.endswith("__") and not self.is_base:
            self._check_special(assign)
        elif self.is_base:
            self.class_variables |= {name}
            self.behaviour |= not name.startswith("_")
        elif self.tools.folder.is_points(value, scope):
            others = (point for point in self.points if point[0] != name)
            self.points = (*others, (name, self.tools.folder.read(value, scope)))
        else:
            self._unannotated(assign, value, scope)

    def _unannotated(
        self,
        assign: Assign,
        value: Expr,
        scope: Scope,
    ) -> None:
        """A new attribute without a type; fixed where the value shows which, and the field may be new."""
        name, span = assign.target, place_of(self.target.file, assign)
        hint, fix = did_you_mean(name, tuple(self.inherited)), None
        if not hint:
            written = self.tools.suggestions.annotation_for(value, scope)
            hint = f"annotate it: `{name}: {written or '<type>'} = ...`"
            if self.is_experiment:
                hint = f"an experiment can't have new fields: add `{name}` to the primary config"
            if written and not self.is_experiment:
                fix = Fix((Edit(Span(span.file, span.end, span.end), f": {written}"),))
        message = f"`{name}` isn't a field: it has no annotation here or in a base"
        self.tools.reporter.report(codes.UNANNOTATED_FIELD.found(span, message, hint, fix=fix))

    def _annotated(self, assign: Assign, annotation: Expr, scope: Scope) -> None:
        name, value = assign.target, assign.value
        special = self.tools.annotations.special(annotation, scope)
        if special == "ClassVar":
            self.behaviour = True
            self.class_variables |= {name}
        elif special == "InitVar":
            message = f"`{name}` is an `InitVar`, which no config can hold"
            self.tools.reporter.on(
                self.target.file, assign, codes.INITVAR_FIELD, message, "make it a field"
            )
        elif name == "defaults" and value is not None:
            self.defaults = self.tools.folder.read(value, scope)
        elif special != "KW_ONLY":
            written = self.tools.annotations.read(annotation, _of_annotation(assign, scope))
            self.fields[name] = self._field(assign, written, scope)

    def _field(self, assign: Assign, written: Type, scope: Scope) -> Field:
        span = place_of(self.target.file, assign)
        if assign.value is None:
            return Field(assign.target, written, None, self.target.key, span)
        default = self.tools.folder.read(assign.value, scope)
        options = self.tools.folder.options(assign.value, scope)
        return Field(assign.target, written, default, self.target.key, span, options)

    def _check_repeated(
        self,
        assign: Assign,
        before: Field | None,
        unread: set[str],
    ) -> None:
        """A value that takes the place of one that nothing has read, or of a sweep."""
        name, after = assign.target, self.fields.get(assign.target)
        message, hint = f"`{name}` is assigned twice here", "remove one of the two"
        if before is not None and after is not None and _is_swept(before, after):
            self.tools.reporter.on(
                self.target.file,
                assign,
                codes.SWEPT_AND_FIXED,
                f"{message}, and swept in one of the two",
                hint,
            )
        elif name in unread:
            message += ": the first value is never used"
            span = place_of(self.target.file, assign)
            self.tools.reporter.report(codes.REPEATED_ASSIGNMENT.found(span, message, hint))

    def _check_special(self, assign: Assign) -> None:
        if assign.target == "__slots__":
            message = "`__slots__` would prevent Hydra from building the object"
            self.tools.reporter.on(
                self.target.file, assign, codes.DECORATED_NODE, message, "remove it"
            )
        self.behaviour = True

    def _check_method(self, method: FunctionDef) -> None:
        if method.name in ("__init__", "__new__"):
            message = f"`{self.target.definition.name}` defines `{method.name}`, but its fields make the constructor"
            self.tools.reporter.on(
                self.target.file,
                method,
                codes.CUSTOM_CONSTRUCTOR,
                message,
                "use `__post_init__` for checks and derived values",
            )
        elif method.name in self.inherited or method.name in self.fields:
            message = f"the method `{method.name}` has the name of a field"
            self.tools.reporter.on(
                self.target.file,
                method,
                codes.FIELD_METHOD_COLLISION,
                message,
                "rename one of the two",
            )


def _of_annotation(assign: Assign, scope: Scope) -> Scope:
    """Where an annotation is evaluated: after the field has its value, or when it is asked for."""
    start = assign.annotation.start if assign.annotation is not None else 0
    text = scope.file.text[: assign.annotation.end if assign.annotation is not None else 0]
    if _is_lazy(scope.file) or text[:start].endswith(("'", '"')):
        return replace(scope, before=len(scope.file.text), local={})
    if assign.value is None or "'" in text[start:] or '"' in text[start:]:
        return scope
    return replace(scope, local={**scope.local, assign.target: assign.value})


def _is_lazy(file: File) -> bool:
    """Whether a file has `from __future__ import annotations`."""
    imports = (statement for statement in file.module.body if isinstance(statement, Import))
    return any(i.module == "__future__" and i.name == "annotations" for i in imports)


def _is_swept(*fields: Field) -> bool:
    return any(isinstance(field.default, Sweep | Interval) for field in fields)
