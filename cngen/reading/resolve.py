"""Scanned files -> Tree: classes become nodes, bases are merged, fields typed and folded."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cngen import codes
from cngen.diagnostics import Report, Span
from cngen.model.naming import option_name
from cngen.model.tree import Behaviour, Engine, EnumClass, Field, Node, Tree
from cngen.model.types import ScalarType
from cngen.model.values import Scalar
from cngen.project.settings import Settings
from cngen.project.sources import module_name
from cngen.reading.annotations import Annotations
from cngen.reading.class_body import BodyReader, BodyTools
from cngen.reading.class_checks import ClassChecks
from cngen.reading.enum_classes import EnumClasses, enum_class
from cngen.reading.folding import ValueFolder
from cngen.reading.inheritance import Inheritance
from cngen.reading.keywords import KeywordReader, Keywords
from cngen.reading.kinds import Classes, Kind
from cngen.reading.linearize import MOST_BASES, linearize
from cngen.reading.names import ClassTarget, ExternalTarget, File, Names
from cngen.reading.reporter import Reporter, place_of
from cngen.reading.suggestions import Suggestions
from cngen.syntax.facts import Assign, ClassDef, Expr, Other, Statement, first_name
from cngen.text.quoting import quote


def resolve(settings: Settings, files: Iterable[File], report: Report) -> Tree:
    """The tree that the files define; what can't be understood is reported and left out."""
    files = tuple(files)
    return _Resolver(settings, files, report).tree()


_BARE = frozenset(
    {"abc.ABC", "builtins.object"}
    | {f"{m}.{n}" for m in ("typing", "typing_extensions") for n in ("Generic", "Protocol")}
)
"""Bases that give a class nothing."""


class _Resolver:
    """Resolves the classes of one tree."""

    def __init__(self, settings: Settings, files: tuple[File, ...], report: Report) -> None:
        self._settings = settings
        self._files = files
        self._names = names = Names(files, settings.base, module_name(settings.output, settings))
        self._classes = classes = Classes(names, settings.base)
        self._reporter = reporter = Reporter(report)
        self._inheritance = Inheritance(names, classes)
        self._enum_classes = EnumClasses(names, classes)
        self._checks = ClassChecks(names, classes, self._inheritance, reporter)
        folder = ValueFolder(names, classes, names.vocabulary, report)
        self._keyword_reader = KeywordReader(folder, reporter)
        annotations = Annotations(names, classes, folder, report)
        suggestions = Suggestions(names, classes)
        self._tools = BodyTools(folder, annotations, suggestions, self._checks, reporter)
        self._nodes: dict[str, Node] = {}
        self._active: list[str] = []
        self._circular: set[str] = set()

    def tree(self) -> Tree:
        """Every node of the files inside the roots, and every enum of any file."""
        enums: dict[str, EnumClass] = {}
        for file in self._files:
            for definition in (
                *_definitions(file.module.body),
                *self._enum_classes.made_by_calls(file),
            ):
                target = ClassTarget(file, definition)
                if self._classes.kind(target) is Kind.ENUM:
                    enums[target.key] = replace(
                        enum_class(target), plain=self._enum_classes.plain_type(target)
                    )
            if file.source.group is not None:
                self._read_file(file)
        inside = {f.source.path: f.module for f in self._files if f.source.group is not None}
        kept = {key: n for key, n in self._nodes.items() if not n.is_base or _gives(n)}
        nodes = dict(sorted(kept.items(), key=lambda item: item[1].span))
        return Tree(self._settings, nodes, enums, inside)

    def _read_file(self, file: File) -> None:
        for statement in self._names.imports(file):
            self._checks.missing_import(file, statement)
        seen: set[str] = set()
        for definition in _definitions(file.module.body):
            self._read_class(ClassTarget(file, definition), seen)
        for block in file.module.body:
            for inner in block.classes if isinstance(block, Other) else ():
                self._checks.nested_node(file, inner, "block")

    def _read_class(self, target: ClassTarget, seen: set[str]) -> None:
        """Read a class, if it is the first node of its name in the file."""
        kind = self._classes.kind(target)
        if kind is Kind.UNKNOWN:
            self._checks.unknown_base(target)
        if kind in (Kind.NODE, Kind.ENUM):
            self._checks.bound_again(target.file, target.definition)
        if kind is not Kind.NODE:
            for inner in _inside(target.definition):
                self._checks.nested_node(target.file, inner)
        elif target.definition.name not in seen:
            seen.add(target.definition.name)
            self._node(target)

    def _node(self, target: ClassTarget) -> Node | None:
        """The node of a class, its bases first; None if it is part of a cycle of bases."""
        if target.key in self._nodes:
            return self._nodes[target.key]
        definition, file = target.definition, target.file
        if target.key in self._active:
            self._circular.update(self._active)
            cycle = " -> ".join(k.rpartition(".")[2] for k in (*self._active, target.key))
            self._reporter.on(
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
        lineage = linearize(target.key, bases)
        if lineage is None:
            message = f"the bases of `{definition.name}` have no consistent order"
            self._reporter.on(
                file,
                definition,
                codes.INCONSISTENT_MRO,
                message,
                "list subclasses before their bases",
            )
            lineage = (target.key, *dict.fromkeys(key for base in bases for key in base.lineage))
        if len(lineage) > MOST_BASES:
            message = f"`{definition.name}` inherits from more than {MOST_BASES} classes"
            self._reporter.on(
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
        for base, found in zip(definition.bases, self._classes.bases(target), strict=True):
            kind = self._classes.kind(found)
            if self._classes.is_base(found):
                node = self._own_base(found) if isinstance(found, ClassTarget) else None
                nodes += [node] if node is not None else []
                continue
            if kind is Kind.NODE and isinstance(found, ClassTarget):
                if found.file.source.group is None:
                    message = f"the base `{found.definition.name}` is a node outside the roots"
                    self._reporter.at(
                        file, base, codes.UNKNOWN_BASE, message, "move it below a root"
                    )
                    continue
                node = self._node(found)
                nodes += [node] if node is not None else []
                self._check_order(target, base, node)
            elif kind is Kind.UNKNOWN:
                self._checks.unknown_base(target)
            elif not (isinstance(found, ExternalTarget) and found.name in _BARE):
                has_mixin = True
        return tuple(nodes), has_mixin

    def _check_order(self, target: ClassTarget, base: Expr, node: Node | None) -> None:
        """A base has to be defined above its class; a cycle is reported as such."""
        name = first_name(base)
        line = self._names.bound_too_late(target.file, name, target.definition.start)
        if line is not None and node is not None and target.key not in self._circular:
            message = f"`{name}` is used before its definition in line {line}"
            self._reporter.at(
                target.file,
                base,
                codes.UNKNOWN_BASE,
                message,
                "move the definition above this class",
            )

    def _check_mixins(self, target: ClassTarget, names: set[str]) -> None:
        """Values that plain classes give to inherited fields before a node that has them."""
        definition = target.definition
        for base, found in zip(definition.bases, self._classes.bases(target), strict=True):
            if not isinstance(found, ClassTarget):
                continue
            if self._classes.kind(found) is Kind.NODE:
                node = self._nodes.get(found.key)
                names = names - {f.name for f in node.fields} if node is not None else names
                continue
            body = (s for s in found.definition.body if isinstance(s, Assign))
            own = {s.target for s in body if s.value is not None}
            for name in sorted(names & (own | self._inheritance.of_mixins(found))):
                names = names - {name}
                mixin = found.definition.name
                message = f"`{name}` of `{mixin}` is ignored, since `{mixin}` isn't a node"
                hint = f"set `{name}` in `{target.definition.name}`, or make `{mixin}` a node"
                place = Span(target.file.source.path, base.start, base.end)
                self._reporter.report(codes.MIXIN_DEFAULT.found(place, message, hint))

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
        keywords = (
            Keywords(abstract=True, group="") if is_base else self._keyword_reader.read(target)
        )
        if not keywords.abstract:
            self._checks.abstract_methods(target)
        if not is_base:
            self._checks.decorators(target)
        base_behaviour = [b.behaviour for b in bases if b.behaviour is not None]
        class_variables = frozenset(v for b in base_behaviour for v in b.class_variables)
        class_variables |= self._inheritance.of_mixins(target) - set(inherited)
        group = (file.source.group or "") if keywords.group is None else keywords.group
        primaries = (self._nodes[key] for key in lineage[1:])
        is_derived = any(not base.group and base.option is not None for base in primaries)
        is_experiment = bool(group and is_derived)
        body = BodyReader(self._tools, target, inherited, is_experiment, is_base, class_variables)
        body.read()
        own = dict(body.fields)
        self._check_mixins(target, set(inherited) - set(own))
        if keywords.target:
            text = Scalar(keywords.target, quote(keywords.target), place_of(file, definition))
            own = {
                "_target_": Field("_target_", ScalarType("str"), text, target.key, text.span),
                **own,
            }
        behaviour = None
        if body.behaviour or has_mixin or base_behaviour:
            custom = body.custom.union(*(b.custom for b in base_behaviour))
            is_own = body.behaviour or has_mixin
            behaviour = Behaviour(
                custom, body.class_variables, is_own, self._inheritance.is_hooked(target)
            )
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
            span=place_of(file, definition),
            engine=Engine(keywords.launcher, keywords.sweeper, body.hydra),
            points=body.points,
            is_base=is_base,
            takes=self._inheritance.takes(target),
            is_generic=self._inheritance.is_generic(target),
        )

    def _option_name(self, name: str, group: str) -> str:
        return option_name(name, group, self._settings.naming)


def _gives(node: Node) -> bool:
    """Whether a base has anything that reaches the nodes below it."""
    return bool(node.fields) or node.behaviour is not None


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
