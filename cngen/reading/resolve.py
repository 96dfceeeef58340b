"""Scanned files -> Tree: classes become nodes, bases are merged, fields typed and folded."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cngen import codes
from cngen.diagnostics import Edit, Fix, Report, RuleId, Span, did_you_mean
from cngen.model.naming import option_name
from cngen.model.tree import Behaviour, Engine, EnumClass, Field, Node, Tree
from cngen.model.types import ScalarType, Type
from cngen.model.values import Interval, Items, Scalar, Sweep, Table, Unreadable, Value
from cngen.project.settings import Settings
from cngen.project.sources import module_name
from cngen.reading.annotations import Annotations
from cngen.reading.enums import PLAIN_TYPES, members
from cngen.reading.folding import Folder
from cngen.reading.kinds import Classes, Kind
from cngen.reading.names import ClassTarget, ExternalTarget, File, Names, Target
from cngen.reading.scope import Scope
from cngen.syntax.facts import (
    Assign,
    Attribute,
    Call,
    ClassDef,
    Constant,
    Dict,
    Expr,
    FunctionDef,
    Import,
    Name,
    Other,
    Sequence,
    Statement,
    Subscript,
    UnaryOp,
    first_name,
    mentioned_names,
)
from cngen.text.quoting import quote

MAX_BASES = 150
"""How many classes one may inherit from: each has the fields of all, and nobody writes so many."""

CLASS_KEYWORDS = ("abstract", "aliases", "group", "launcher", "name", "sweeper", "target")
_CONSTRUCTION = frozenset({"__init__", "__new__", "__init_subclass__", "__class_getitem__"})
_QUIET = frozenset(
    {"abc", "builtins", "cngen", "collections", "enum", "typing", "typing_extensions"}
)
_BARE = frozenset(
    {"abc.ABC", "builtins.object"}
    | {f"{m}.{n}" for m in ("typing", "typing_extensions") for n in ("Generic", "Protocol")}
)
"""Bases that give a class nothing."""
_INERT = frozenset({"__doc__", "__module__", "__qualname__", "__annotations__"})


def resolve(settings: Settings, files: Iterable[File], report: Report) -> Tree:
    """The tree that the files define; what can't be understood is reported and left out."""
    files = tuple(files)
    return _Resolver(settings, files, report).tree()


@dataclass(frozen=True, slots=True)
class _Keywords:
    """The class keywords of a node, folded."""

    abstract: bool = False
    name: str = ""
    target: str = ""
    group: str | None = None
    aliases: tuple[str, ...] = ()
    launcher: str = ""
    sweeper: str = ""


@dataclass(slots=True)
class _Body:
    """What the body of a node was read to; what it is (`is_experiment`, `is_base`) is known before."""

    fields: dict[str, Field]
    is_experiment: bool = False
    is_base: bool = False
    defaults: Value | None = None
    hydra: Value | None = None
    points: tuple[tuple[str, Value], ...] = ()
    behaviour: bool = False
    custom: frozenset[str] = frozenset()
    class_variables: frozenset[str] = frozenset()


class _Resolver:
    def __init__(self, settings: Settings, files: tuple[File, ...], report: Report) -> None:
        self._settings = settings
        self._files = files
        self._report = report
        self._names = Names(files, settings.base, module_name(settings.output, settings))
        self._classes = Classes(self._names, settings.base)
        self._folder = Folder(self._names, self._classes, self._names.vocabulary, report)
        self._annotations = Annotations(self._names, self._classes, self._folder, report)
        self._nodes: dict[str, Node] = {}
        self._active: list[str] = []
        self._circular: set[str] = set()
        self._bases_of: dict[str, list[ClassTarget]] = {}

    def tree(self) -> Tree:
        """Every node of the files inside the roots, and every enum of any file."""
        enums: dict[str, EnumClass] = {}
        for file in self._files:
            for definition in (*_definitions(file.module.body), *self._made_enums(file)):
                target = ClassTarget(file, definition)
                if self._classes.kind(target) is Kind.ENUM:
                    enums[target.key] = replace(_enum(target), plain=self._plain_type(target))
            if file.source.group is not None:
                self._read_file(file)
        inside = {f.source.path: f.module for f in self._files if f.source.group is not None}
        kept = {key: n for key, n in self._nodes.items() if not n.is_base or _gives(n)}
        nodes = dict(sorted(kept.items(), key=lambda item: item[1].span))
        return Tree(self._settings, nodes, enums, inside)

    def _plain_type(self, enum: ClassTarget) -> str:
        """The plain type that the members of an enum are of, empty if none."""
        for base in enum.definition.bases:
            found = self._classes.resolve(enum.file, base, enum.definition.start)
            plain = (
                self._plain_type(found)
                if isinstance(found, ClassTarget) and self._classes.kind(found) is Kind.ENUM
                else PLAIN_TYPES.get(getattr(found, "name", ""), "")
            )
            if plain:
                return plain
        return ""

    def _made_enums(self, file: File) -> Iterator[ClassDef]:
        for statement in file.module.body:
            if isinstance(statement, Assign):
                made = self._names.made_enum(file, statement)
                if made is not None:
                    yield made

    def _read_file(self, file: File) -> None:
        for statement in self._names.imports(file):
            self._check_import(file, statement)
        seen: set[str] = set()
        for definition in _definitions(file.module.body):
            target = ClassTarget(file, definition)
            kind = self._classes.kind(target)
            if kind is Kind.UNKNOWN:
                self._unknown_base(target)
            if kind in (Kind.NODE, Kind.ENUM):
                self._check_bound_again(file, definition)
            if kind is Kind.NODE and definition.name not in seen:
                seen.add(definition.name)
                self._node(target)
            if kind is not Kind.NODE:
                for inner in _inside(definition):
                    self._check_nested(file, inner)
        for block in file.module.body:
            for inner in block.classes if isinstance(block, Other) else ():
                self._check_nested(file, inner, "block")

    def _check_bound_again(self, file: File, definition: ClassDef) -> None:
        """A class whose name stands for something else below: the store would import that."""
        again = self._names.bound_below(file, definition.name, definition.start)
        if again is not None:
            message = f"`{definition.name}` is defined twice in this file"
            self._tell(
                file, again, codes.DUPLICATE_OPTION, message, "rename or remove one of the two"
            )

    def _check_import(self, file: File, statement: Import) -> None:
        """An import of a module of a root that isn't there, or of a name that the module lacks."""
        message = self._names.missing(file, statement)
        if not message:
            return
        name, module = statement.name or "", file.absolute(statement)
        homes = [home for home in self._names.homes(name) if home != module] if name else []
        hint = f"`{name}` is in `{homes[0]}`" if len(homes) == 1 else ""
        known = self._names.defined(module) or self._names.modules
        hint = hint or did_you_mean(name if self._names.defined(module) else module, known)
        start, end = statement.place if statement.place[1] else (statement.start, statement.end)
        span = Span(file.source.path, start, end)
        self._report(codes.UNRESOLVED_IMPORT.found(span, message, hint or "correct the import"))

    # Nodes

    def _node(self, target: ClassTarget) -> Node | None:
        """The node of a class, its bases first; None if it is part of a cycle of bases."""
        if target.key in self._nodes:
            return self._nodes[target.key]
        definition, file = target.definition, target.file
        if target.key in self._active:
            self._circular.update(self._active)
            cycle = " -> ".join(k.rpartition(".")[2] for k in (*self._active, target.key))
            self._tell(
                file,
                definition,
                codes.BASE_CYCLE,
                f"`{definition.name}` inherits from itself: {cycle}",
                "",
            )
            return None
        self._active.append(target.key)
        bases, has_mixin = self._bases(target)
        self._active.pop()
        lineage = _linearize(target.key, bases)
        if lineage is None:
            message = f"the bases of `{definition.name}` have no consistent order"
            self._tell(
                file,
                definition,
                codes.INCONSISTENT_MRO,
                message,
                "list subclasses before their bases",
            )
            lineage = (target.key, *dict.fromkeys(key for base in bases for key in base.lineage))
        if len(lineage) > MAX_BASES:
            message = f"`{definition.name}` inherits from more than {MAX_BASES} classes"
            self._tell(
                file, definition, codes.DEEP_NESTING, message, "hold nodes in fields instead"
            )
            bases, lineage = (), (target.key,)
        self._nodes[target.key] = node = self._build(target, bases, lineage, has_mixin)
        return node

    def _bases(self, target: ClassTarget) -> tuple[tuple[Node, ...], bool]:
        """The node bases of a class, and whether it has bases of another kind."""
        file, definition = target.file, target.definition
        nodes: list[Node] = []
        has_mixin = False
        for base in definition.bases:
            found = self._classes.resolve(file, base, definition.start)
            kind = self._classes.kind(found)
            if self._classes.is_base(found):
                node = self._own_base(found) if isinstance(found, ClassTarget) else None
                nodes += [node] if node is not None else []
                continue
            if kind is Kind.NODE and isinstance(found, ClassTarget):
                if found.file.source.group is None:
                    message = f"the base `{found.definition.name}` is a node outside the roots"
                    self._at(file, base, codes.UNKNOWN_BASE, message, "move it below a root")
                    continue
                node = self._node(found)
                nodes += [node] if node is not None else []
                self._check_order(target, base, node)
            elif kind is Kind.UNKNOWN:
                self._unknown_base(target)
            elif not (isinstance(found, ExternalTarget) and found.name in _BARE):
                has_mixin = True
        return tuple(nodes), has_mixin

    def _check_order(self, target: ClassTarget, base: Expr, node: Node | None) -> None:
        """A base has to be defined above its class; a cycle is reported as such."""
        name = first_name(base)
        line = self._names.bound_too_late(target.file, name, target.definition.start)
        if line is not None and node is not None and target.key not in self._circular:
            message = f"`{name}` is used before its definition in line {line}"
            self._at(
                target.file,
                base,
                codes.UNKNOWN_BASE,
                message,
                "move the definition above this class",
            )

    def _of_mixins(self, target: ClassTarget) -> frozenset[str]:
        """The attributes that a class has from bases that are no nodes: Python takes others for them."""
        found: set[str] = set()
        waiting, seen = [target], {target.key}
        while waiting:
            owner = waiting.pop()
            for base in owner.definition.bases:
                below = self._classes.resolve(owner.file, base, owner.definition.start)
                is_plain = self._classes.kind(below) is not Kind.NODE
                if isinstance(below, ClassTarget) and is_plain and below.key not in seen:
                    seen.add(below.key)
                    waiting.append(below)
                    body = below.definition.body
                    found.update(s.target for s in body if isinstance(s, Assign))
                    found.update(s.name for s in body if isinstance(s, FunctionDef))
        return frozenset(found)

    def _check_mixins(self, target: ClassTarget, names: set[str]) -> None:
        """Values that plain classes give to inherited fields before a node that has them."""
        for base in target.definition.bases:
            found = self._classes.resolve(target.file, base, target.definition.start)
            if not isinstance(found, ClassTarget):
                continue
            if self._classes.kind(found) is Kind.NODE:
                node = self._nodes.get(found.key)
                names = names - {f.name for f in node.fields} if node is not None else names
                continue
            body = (s for s in found.definition.body if isinstance(s, Assign))
            own = {s.target for s in body if s.value is not None}
            for name in sorted(names & (own | self._of_mixins(found))):
                names = names - {name}
                mixin = found.definition.name
                message = f"`{name}` of `{mixin}` is ignored, since `{mixin}` isn't a node"
                hint = f"set `{name}` in `{target.definition.name}`, or make `{mixin}` a node"
                place = Span(target.file.source.path, base.start, base.end)
                self._report(codes.MIXIN_DEFAULT.found(place, message, hint))

    def _is_generic(self, target: ClassTarget) -> bool:
        """Whether a class or one of its bases has parameters for types."""
        definitions = (owner.definition for owner in (target, *self._behind(target)))
        return any(
            definition.type_parameters or any(isinstance(b, Subscript) for b in definition.bases)
            for definition in definitions
        )

    def _check_abstract(self, target: ClassTarget) -> None:
        """An option whose class leaves a method abstract: Python can't build it."""
        classes = [target, *self._behind(target)]
        methods = (s for owner in classes for s in owner.definition.body)
        has_marks = any(isinstance(s, FunctionDef) and s.marks for s in methods)
        if not has_marks or not any(self._refuses(owner) for owner in classes):
            return
        first: dict[str, tuple[ClassTarget, Statement]] = {}
        for owner in classes:
            for statement in owner.definition.body:
                if isinstance(statement, FunctionDef):
                    first.setdefault(statement.name, (owner, statement))
                elif isinstance(statement, Assign) and statement.value is not None:
                    first.setdefault(statement.target, (owner, statement))
        names = [name for name, (owner, s) in first.items() if self._is_left_open(owner, s)]
        if names:
            what = ", ".join(f"`{name}`" for name in names)
            message = f"`{target.definition.name}` is an option, but has abstract methods: {what}"
            hint = "implement them, or write `abstract=True`"
            self._tell(target.file, target.definition, codes.ABSTRACT_OPTION, message, hint)

    def _behind(self, target: ClassTarget) -> list[ClassTarget]:
        """The bases of a class that are in the sources, nearest first; shared ones behind all that share them."""
        if target.key not in self._bases_of:
            self._bases_of[target.key] = []  # while bases are read: a cycle is reported
            found: dict[str, ClassTarget] = {}
            for base in target.definition.bases:
                below = self._classes.resolve(target.file, base, target.definition.start)
                for one in (below, *self._behind(below)) if isinstance(below, ClassTarget) else ():
                    found.pop(one.key, None)
                    found[one.key] = one
            self._bases_of[target.key] = list(found.values())
        return self._bases_of[target.key]

    def _is_hooked(self, target: ClassTarget) -> bool:
        """Whether a base does something to each of its subclasses, or can't be read."""
        return any(map(self._hooks, (target, *self._behind(target))))

    def _takes(self, target: ClassTarget) -> frozenset[str] | None:
        """The fields that the constructor of a source class takes; None for any, or if it can't be read."""
        for owner in (target, *self._behind(target)):
            body = owner.definition.body
            methods = {s.name for s in body if isinstance(s, FunctionDef)}
            if methods & {"__init__", "__new__"} or self._hooks(owner) or self._is_of_cngen(owner):
                return None
            if owner.definition.decorators:
                return frozenset(s.target for s in body if isinstance(s, Assign))
        return frozenset()

    def _is_of_cngen(self, owner: ClassTarget) -> bool:
        start = owner.definition.start
        bases = (self._classes.resolve(owner.file, b, start) for b in owner.definition.bases)
        return any(isinstance(b, ExternalTarget) and b.name.startswith("cngen.") for b in bases)

    def _hooks(self, owner: ClassTarget) -> bool:
        definition = owner.definition
        methods = {s.name for s in definition.body if isinstance(s, FunctionDef)}
        metas = (k.value for k in definition.keywords if k.name == "metaclass")
        bases = (self._classes.resolve(owner.file, b, definition.start) for b in definition.bases)
        return (
            "__init_subclass__" in methods
            or any(not _is_quiet(self._classes.resolve(owner.file, meta)) for meta in metas)
            or any(not (isinstance(base, ClassTarget) or _is_quiet(base)) for base in bases)
        )

    def _refuses(self, owner: ClassTarget) -> bool:
        """Whether a class itself can't be built with abstract methods."""
        definition = owner.definition
        meta = [k.value for k in definition.keywords if k.name == "metaclass"]
        found = (
            self._classes.resolve(owner.file, part, definition.start)
            for part in (*definition.bases, *meta)
        )
        wanted = {"abc.ABC", "abc.ABCMeta", "typing.Protocol", "typing_extensions.Protocol"}
        return any(isinstance(one, ExternalTarget) and one.name in wanted for one in found)

    def _is_left_open(self, owner: ClassTarget, statement: Statement) -> bool:
        marks = statement.marks if isinstance(statement, FunctionDef) else ()
        for mark in marks:
            first, *rest = mark.split(".")
            expression: Expr = Name(first, 0, 0)
            for attr in rest:
                expression = Attribute(expression, attr, 0, 0)
            found = self._names.target(owner.file, expression, statement.start)
            if isinstance(found, ExternalTarget) and found.name.startswith("abc.abstract"):
                return True
        return False

    def _own_base(self, target: ClassTarget) -> Node | None:
        """The project's own base class, if it gives its nodes anything; what else it does is its own business."""
        node = self._node(target)
        return node if node is not None and _gives(node) else None

    def _build(
        self,
        target: ClassTarget,
        bases: tuple[Node, ...],
        lineage: tuple[str, ...],
        has_mixin: bool,
    ) -> Node:
        file, definition = target.file, target.definition
        inherited: dict[str, Field] = {}
        for key in reversed(lineage[1:]):
            # As Python finds attributes. Dataclasses take a field from the nearest base that has it,
            # whether or not that one declares it: where they differ, the store spells the field out.
            base = self._nodes[key]
            inherited.update({f.name: f for f in base.fields if f.name in base.declared})
        is_base = self._classes.is_base(target)
        keywords = _Keywords(abstract=True, group="") if is_base else self._keywords(target)
        if not keywords.abstract:
            self._check_abstract(target)
        if not is_base:
            self._check_decorators(target)
        base_behaviour = [b.behaviour for b in bases if b.behaviour is not None]
        class_variables = frozenset(v for b in base_behaviour for v in b.class_variables)
        class_variables |= self._of_mixins(target) - set(inherited)
        group = (file.source.group or "") if keywords.group is None else keywords.group
        primaries = (self._nodes[key] for key in lineage[1:])
        is_derived = any(not base.group and base.option is not None for base in primaries)
        started = _Body({}, bool(group and is_derived), is_base, class_variables=class_variables)
        body = self._body(target, inherited, started)
        own = dict(body.fields)
        self._check_mixins(target, set(inherited) - set(own))
        if keywords.target:
            text = Scalar(keywords.target, quote(keywords.target), self._span(file, definition))
            own = {
                "_target_": Field("_target_", ScalarType("str"), text, target.key, text.span),
                **own,
            }
        behaviour = None
        if body.behaviour or has_mixin or base_behaviour:
            custom = body.custom.union(*(b.custom for b in base_behaviour))
            is_own = body.behaviour or has_mixin
            behaviour = Behaviour(custom, body.class_variables, is_own, self._is_hooked(target))
        return Node(
            key=target.key,
            name=definition.name,
            module=file.source.module,
            group=group,
            option=None
            if keywords.abstract
            else keywords.name or self._option_name(definition.name, group),
            aliases=tuple(
                (group, name) for group, _, name in (a.rpartition("/") for a in keywords.aliases)
            ),
            bases=tuple(base.key for base in bases),
            lineage=lineage,
            fields=tuple({**inherited, **own}.values()),
            declared=frozenset(own),
            behaviour=behaviour,
            defaults=body.defaults,
            doc=definition.doc,
            span=self._span(file, definition),
            engine=Engine(keywords.launcher, keywords.sweeper, body.hydra),
            points=body.points,
            is_base=is_base,
            takes=self._takes(target),
            is_generic=self._is_generic(target),
        )

    def _option_name(self, name: str, group: str) -> str:
        return option_name(name, group, self._settings.naming)

    # Bodies

    def _body(self, target: ClassTarget, inherited: Mapping[str, Field], body: _Body) -> _Body:
        name, module = target.definition.name, target.file.source.module
        local: dict[str, Expr] = {
            "__module__": Constant(module, repr(module), 0, 0),
            "__qualname__": Constant(name, repr(name), 0, 0),
        }
        inner: set[str] = set()
        parameters = target.definition.type_parameters
        unread: set[str] = set()
        custom: set[str] = set()
        for statement in target.definition.body:
            scope = Scope(target.file, statement.start, local, (), inner, parameters)
            unread -= mentioned_names(statement)
            if not isinstance(statement, Assign):
                inner |= self._defined(target, statement, inherited, body)
                continue
            before = body.fields.get(statement.target)
            self._assign(target, statement, scope, body, inherited)
            if statement.annotation is None and statement.target.startswith("__"):
                custom.add(statement.target)
            if statement.value is not None:
                self._check_repeated(target, statement, before, body, unread)
                local[statement.target] = statement.value
                unread.add(statement.target)
        body.custom = frozenset(one for one in custom | inner if one.startswith("__"))
        return body

    def _defined(
        self,
        target: ClassTarget,
        statement: Statement,
        inherited: Mapping[str, Field],
        body: _Body,
    ) -> set[str]:
        """The methods and classes that a statement in a body defines."""
        match statement:
            case FunctionDef(name):
                if body.is_base and name in _CONSTRUCTION:
                    return set()
                self._check_method(target, statement, inherited, body)
                body.behaviour = True
                return {name}
            case ClassDef(name):
                body.behaviour = True
                self._check_nested(target.file, statement)
                return {name}
            case Other(classes=classes) if classes and not body.is_base:
                for one in classes:
                    self._check_nested(target.file, one)
            case _ if not body.is_base:
                hint = "a node contains fields, methods and docstrings; compute values in module constants"
                message = "this statement isn't a field of a config node"
                self._tell(target.file, statement, codes.STRAY_STATEMENT, message, hint)
        return set()

    def _assign(
        self,
        target: ClassTarget,
        assign: Assign,
        scope: Scope,
        body: _Body,
        inherited: Mapping[str, Field],
    ) -> None:
        name, value = assign.target, assign.value
        if assign.annotation is not None:
            self._annotated(target, assign, assign.annotation, scope, body)
            return
        if value is None or name in _INERT or name == "_group":
            return
        if name in body.class_variables:
            body.behaviour = True
        elif name == "defaults":
            body.defaults = self._folder.read(value, scope)
        elif name == "hydra":
            body.hydra = self._folder.read(value, scope)
        elif name in body.fields or name in inherited:
            written = (body.fields.get(name) or inherited[name]).type
            body.fields[name] = self._field(target, assign, written, scope)
        elif name.startswith("__") and name.endswith("__") and not body.is_base:
            self._check_special(target, assign, body)
        elif body.is_base:
            body.class_variables |= {name}
            body.behaviour |= not name.startswith("_")
        elif self._folder.is_points(value, scope):
            others = (point for point in body.points if point[0] != name)
            body.points = (*others, (name, self._folder.read(value, scope)))
        else:
            self._unannotated(target, assign, value, scope, inherited, body.is_experiment)

    def _unannotated(
        self,
        target: ClassTarget,
        assign: Assign,
        value: Expr,
        scope: Scope,
        inherited: Mapping[str, Field],
        is_experiment: bool,
    ) -> None:
        """A new attribute without a type; fixed where the value shows which, and the field may be new."""
        name, span = assign.target, self._span(target.file, assign)
        hint, fix = did_you_mean(name, tuple(inherited)), None
        if not hint:
            written = self._type_text(value, scope)
            hint = f"annotate it: `{name}: {written or '<type>'} = ...`"
            if is_experiment:
                hint = f"an experiment can't have new fields: add `{name}` to the primary config"
            if written and not is_experiment:
                fix = Fix((Edit(Span(span.file, span.end, span.end), f": {written}"),))
        message = f"`{name}` isn't a field: it has no annotation here or in a base"
        self._report(codes.UNANNOTATED_FIELD.found(span, message, hint, fix=fix))

    def _type_text(self, value: Expr, scope: Scope) -> str:
        """The annotation that a value implies, empty if none: of a literal, a member or a node."""
        text = scope.file.text
        if isinstance(value, Attribute):
            enum = self._names.target(scope.file, value.value, scope.before)
            if isinstance(enum, ClassTarget) and self._classes.kind(enum) is Kind.ENUM:
                is_member = value.attr in dict(_enum(enum).members)
                return text[value.value.start : value.value.end] if is_member else ""
        named = value.func if isinstance(value, Call) and not value.args else value
        if isinstance(named, Name | Attribute):
            node = self._names.target(scope.file, named, scope.before)
            is_node = isinstance(node, ClassTarget) and self._classes.kind(node) is Kind.NODE
            return text[named.start : named.end] if is_node else ""
        return _literal_type(value)

    def _annotated(
        self, target: ClassTarget, assign: Assign, annotation: Expr, scope: Scope, body: _Body
    ) -> None:
        name, value = assign.target, assign.value
        special = self._annotations.special(annotation, scope)
        if special == "ClassVar":
            body.behaviour = True
            body.class_variables |= {name}
        elif special == "InitVar":
            message = f"`{name}` is an `InitVar`, which no config can hold"
            self._tell(target.file, assign, codes.INITVAR_FIELD, message, "make it a field")
        elif name == "defaults" and value is not None:
            body.defaults = self._folder.read(value, scope)
        elif special != "KW_ONLY":
            written = self._annotations.read(annotation, _of_annotation(assign, scope))
            body.fields[name] = self._field(target, assign, written, scope)

    def _field(self, target: ClassTarget, assign: Assign, written: Type, scope: Scope) -> Field:
        span = self._span(target.file, assign)
        if assign.value is None:
            return Field(assign.target, written, None, target.key, span)
        default = self._folder.read(assign.value, scope)
        options = self._folder.options(assign.value, scope)
        return Field(assign.target, written, default, target.key, span, options)

    def _check_repeated(
        self,
        target: ClassTarget,
        assign: Assign,
        before: Field | None,
        body: _Body,
        unread: set[str],
    ) -> None:
        """A value that takes the place of one that nothing has read, or of a sweep."""
        name, after = assign.target, body.fields.get(assign.target)
        message, hint = f"`{name}` is assigned twice here", "remove one of the two"
        if before is not None and after is not None and _is_swept(before, after):
            self._tell(
                target.file,
                assign,
                codes.SWEPT_AND_FIXED,
                f"{message}, and swept in one of the two",
                hint,
            )
        elif name in unread:
            message += ": the first value is never used"
            span = self._span(target.file, assign)
            self._report(codes.REPEATED_ASSIGNMENT.found(span, message, hint))

    def _check_special(self, target: ClassTarget, assign: Assign, body: _Body) -> None:
        if assign.target == "__slots__":
            message = "`__slots__` would prevent Hydra from building the object"
            self._tell(target.file, assign, codes.DECORATED_NODE, message, "remove it")
        body.behaviour = True

    def _check_method(
        self, target: ClassTarget, method: FunctionDef, inherited: Mapping[str, Field], body: _Body
    ) -> None:
        if method.name in ("__init__", "__new__"):
            message = f"`{target.definition.name}` defines `{method.name}`, but its fields make the constructor"
            self._tell(
                target.file,
                method,
                codes.CUSTOM_CONSTRUCTOR,
                message,
                "use `__post_init__` for checks and derived values",
            )
        elif method.name in inherited or method.name in body.fields:
            message = f"the method `{method.name}` has the name of a field"
            self._tell(
                target.file, method, codes.FIELD_METHOD_COLLISION, message, "rename one of the two"
            )

    def _check_nested(self, file: File, definition: ClassDef, where: str = "class") -> None:
        if self._classes.nested_kind(file, definition) is Kind.NODE:
            message = f"the node `{definition.name}` is defined inside a {where}"
            self._tell(
                file,
                definition,
                codes.NESTED_NODE,
                message,
                "define it at the top level of the file",
            )

    def _check_decorators(self, target: ClassTarget) -> None:
        for decorator in target.definition.decorators:
            called = decorator.func if isinstance(decorator, Call) else decorator
            found = self._names.target(target.file, called, target.definition.start)
            name = getattr(found, "name", "")
            if name in ("typing.final", "typing_extensions.final"):
                continue
            hint = "remove the decorator"
            if name == "dataclasses.dataclass":
                hint = "cngen generates the dataclass (keyword-only; frozen and slots can't be composed): remove it"
            text = " ".join(target.file.text[decorator.start : decorator.end].split())
            message = (
                f"the decorator `{text}` is not allowed on the node `{target.definition.name}`"
            )
            self._at(target.file, decorator, codes.DECORATED_NODE, message, hint)

    # Class keywords

    def _keywords(self, target: ClassTarget) -> _Keywords:
        found = _Keywords()
        for name, folded, place in self._written_keywords(target):
            if name not in CLASS_KEYWORDS:
                known = f"known: {', '.join(CLASS_KEYWORDS)}"
                hint = did_you_mean(name, CLASS_KEYWORDS) or known
                self._report(
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
                self._report(codes.INVALID_CLASS_KEYWORD.found(place, message))
                continue
            changed: dict[str, Any] = {name: value}
            found = replace(found, **changed)
        return self._old_group(target, found)

    def _written_keywords(self, target: ClassTarget) -> Iterator[tuple[str, Value, Span]]:
        """Each class keyword with its value and place, those of a `**` dict among them."""
        scope = Scope(target.file, target.definition.start)
        for keyword in target.definition.keywords:
            place = Span(target.file.source.path, keyword.start, keyword.end)
            folded = self._folder.read(keyword.value, scope)
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
                    self._report(codes.INVALID_CLASS_KEYWORD.found(place, message, hint))

    def _old_group(self, target: ClassTarget, keywords: _Keywords) -> _Keywords:
        """`_group = "a/b"` in the body, as earlier tools wrote it."""
        for statement in target.definition.body:
            if (
                isinstance(statement, Assign)
                and statement.target == "_group"
                and statement.value is not None
            ):
                value = _plain(
                    self._folder.read(statement.value, Scope(target.file, statement.start))
                )
                hint = f'write `class {target.definition.name}(..., group="...")`, or remove it to use the folder'
                fix = _old_group_fix(target, statement, value, keywords.group)
                message = "`_group` is deprecated"
                place = self._span(target.file, statement)
                self._report(codes.LEGACY_GROUP.found(place, message, hint, fix))
                if isinstance(value, str):
                    return (
                        keywords if keywords.group is not None else replace(keywords, group=value)
                    )
        return keywords

    # Findings

    def _unknown_base(self, target: ClassTarget) -> None:
        file, definition = target.file, target.definition
        for base in definition.bases:
            found = self._classes.resolve(file, base, definition.start)
            if self._classes.kind(found) is not Kind.UNKNOWN or isinstance(found, ClassTarget):
                continue
            if self._names.lacks(file, first_name(base)):
                continue  # reported at the import
            text = " ".join(file.text[base.start : base.end].split())
            if not isinstance(base, Name | Attribute):
                hint = "name the base class directly"
            elif self._names.has_outside_star(file):
                hint = "import it by name: a star import can't be resolved without running it"
            else:
                hint = "import it, or define it at the top level"
            self._at(
                file,
                base,
                codes.UNKNOWN_BASE,
                f"the base `{text}` of `{definition.name}` can't be resolved statically",
                hint,
            )

    def _span(self, file: File, statement: Statement) -> Span:
        end = getattr(statement, "end", statement.start)
        return Span(file.source.path, statement.start, end)

    def _tell(
        self, file: File, statement: Statement, rule: RuleId, message: str, hint: str
    ) -> None:
        self._report(rule.found(self._span(file, statement), message, hint))

    def _at(self, file: File, expression: Expr, rule: RuleId, message: str, hint: str) -> None:
        self._report(
            rule.found(Span(file.source.path, expression.start, expression.end), message, hint)
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


def _gives(node: Node) -> bool:
    """Whether a base has anything that reaches the nodes below it."""
    return bool(node.fields) or node.behaviour is not None


def _is_lazy(file: File) -> bool:
    """Whether a file has `from __future__ import annotations`."""
    imports = (statement for statement in file.module.body if isinstance(statement, Import))
    return any(i.module == "__future__" and i.name == "annotations" for i in imports)


def _literal_type(value: Expr) -> str:
    """The type of a literal, or of a list or dict whose items are of one type; empty for another."""
    match value:
        case Constant(str() as text) if "${" in text or text == "???":
            return ""
        case Constant(bool() | int() | float() | str() | bytes() as plain):
            return type(plain).__name__
        case UnaryOp("-", Constant(int() | float()) as number):
            return _literal_type(number)
        case Sequence("list", items):
            kinds = {_literal_type(item) for item in items}
            return f"list[{kinds.pop()}]" if len(kinds) == 1 and "" not in kinds else ""
        case Dict(items=pairs):
            keys = {_literal_type(key) if key is not None else "" for key, _ in pairs}
            kinds = {_literal_type(item) for _, item in pairs}
            if len(keys) == len(kinds) == 1 and "" not in keys | kinds:
                return f"dict[{keys.pop()}, {kinds.pop()}]"
    return ""


def _is_swept(*fields: Field) -> bool:
    return any(isinstance(field.default, Sweep | Interval) for field in fields)


def _definitions(body: tuple[Statement, ...]) -> Iterator[ClassDef]:
    return (statement for statement in body if isinstance(statement, ClassDef))


def _inside(definition: ClassDef) -> Iterator[ClassDef]:
    """The classes in the body of a class, however deep."""
    for statement in definition.body:
        if isinstance(statement, ClassDef):
            yield statement
            yield from _inside(statement)
        elif isinstance(statement, Other):
            yield from statement.classes


def _enum(target: ClassTarget) -> EnumClass:
    text = target.file.text
    found = tuple(
        (name, s.value.text if isinstance(s.value, Constant) else text[s.value.start : s.value.end])
        for name, s in members(target.definition).items()
        if s.value is not None
    )
    definition, source = target.definition, target.file.source
    span = Span(source.path, definition.start, definition.end)
    return EnumClass(target.key, definition.name, source.module, found, span)


def _old_group_fix(
    target: ClassTarget, old: Assign, value: object, keyword: str | None
) -> Fix | None:
    """Remove `_group`, and add a class keyword unless one, or the folder, sets the same group."""
    file, definition = target.file, target.definition
    others = [s for s in definition.body if isinstance(s, Assign) and s.target == "_group"]
    is_read = any(isinstance(s, FunctionDef) and "_group" in s.names for s in definition.body)
    is_plain = isinstance(value, str) and old.annotation is None
    if old.value is None or not is_plain or len(others) > 1 or is_read:
        return None
    removal = _removal(target, old)
    if keyword is not None or value == file.source.group:
        return Fix((removal,))
    if any(k.name == "group" for k in definition.keywords):
        return None
    at = max(part.end for part in (*definition.bases, *(k.value for k in definition.keywords)))
    added = Edit(
        Span(file.source.path, at, at), f", group={file.text[old.value.start : old.value.end]}"
    )
    return Fix((added, removal), safe=False)


def _removal(target: ClassTarget, assign: Assign) -> Edit:
    """Remove the lines of an assignment; `...` replaces them if the body would be empty."""
    text, definition = target.file.text, target.definition
    end = assign.value.end if assign.value is not None else assign.end
    line = text.rfind("\n", 0, assign.start) + 1
    end_of_line = text.find("\n", end) % (len(text) + 1)
    behind = text[end:end_of_line].strip()
    has_lines = not text[line : assign.start].strip() and behind[:1] in ("", "#")
    path = target.file.source.path
    if has_lines and (len(definition.body) > 1 or definition.doc is not None):
        return Edit(Span(path, line, min(end_of_line + 1, len(text))), "")
    return Edit(Span(path, assign.start, end), "...")


def _plain(value: Value) -> object:
    """A folded class keyword: a bool, a string or a tuple of strings."""
    if isinstance(value, Items):
        items = tuple(_plain(item) for item in value.items)
        return items if all(isinstance(item, str) for item in items) else None
    return value.value if isinstance(value, Scalar) else None


def _linearize(key: str, bases: tuple[Node, ...]) -> tuple[str, ...] | None:
    """Python's method resolution order (C3) among nodes; None if there is none."""
    waiting = [list(base.lineage) for base in bases] + [[base.key for base in bases]]
    order = [key]
    while waiting := [sequence for sequence in waiting if sequence]:
        heads = (s[0] for s in waiting if not any(s[0] in other[1:] for other in waiting))
        head = next(heads, None)
        if head is None:
            return None
        order.append(head)
        waiting = [sequence[1:] if sequence[0] == head else sequence for sequence in waiting]
    return tuple(order)


def _is_quiet(target: Target | None) -> bool:
    """Whether a class from outside is known to leave its subclasses as they are."""
    return isinstance(target, ExternalTarget) and target.name.partition(".")[0] in _QUIET
