"""CN214."""

from collections.abc import Collection, Iterator

from cngen.diagnostics import Diagnostic, Edit, Fix, RuleId, Severity, Span
from cngen.lint.queries.bodies import assignment_of
from cngen.lint.queries.qualified_names import dotted
from cngen.lint.queries.written import declared_fields
from cngen.lint.rule import Rule
from cngen.model.tree import Field, Node, Tree
from cngen.model.values import Items, Table
from cngen.syntax.facts import (
    Assign,
    Attribute,
    Call,
    ClassDef,
    FunctionDef,
    Import,
    Keyword,
    Lambda,
    Name,
    Other,
    Sequence,
    Statement,
    parts,
)

Use = tuple[Node, Field]


class SharedDefault(Rule):
    """One list, dict or set is the default of several fields, which Python would share.

    ## What it does
    Finds constants that hold a list, a dict or a set and whose bare name is the default of two or more fields;
    each field but the first is reported. `list(KEYS)` and `KEYS + ["depth"]` create new objects, and are fine.

    ## Why is it bad
    In Python both fields would hold one object: what is appended to one appears in the other. In the store, and
    in each config, each field has its own copy. Code that relies on one of the two is wrong for the other.

    ## Example
    ```python
    # cn/data.py
    from cngen import CN

    KEYS = ["image", "state"]

    class Train(CN):
        inputs: list[str] = KEYS

    class Test(CN):
        inputs: list[str] = KEYS
    ```

    ## Use instead
    ```python
    # cn/data.py
    from cngen import CN

    KEYS = ["image", "state"]

    class Train(CN):
        inputs: list[str] = list(KEYS)

    class Test(CN):
        inputs: list[str] = list(KEYS)
    ```
    """

    id = RuleId("CN214", "shared-default", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every second and later use of a constant."""
        uses: dict[Span, list[Use]] = {}
        for node, field in declared_fields(tree):
            if isinstance(field.default, Items | Table):
                # What is read from a constant has the constant's place.
                uses.setdefault(field.default.span, []).append((node, field))
        for span, found in uses.items():
            if len(found) > 1 and _is_mutable(tree, span, found[0][1]):
                yield from self._uses(tree, found)

    def _uses(self, tree: Tree, found: list[Use]) -> Iterator[Diagnostic]:
        first: Use | None = None
        for node, field in sorted(found, key=lambda use: use[1].span):
            constant = _constant(assignment_of(tree, node, field))
            if constant is None:
                continue
            if first is None:
                first = (node, field)
                continue
            owner, other = first
            if other.name == field.name and tree.is_a(node.key, owner.key):
                continue
            name = dotted(constant)
            message = f"`{name}` is also the default of `{owner.name}.{other.name}`: Python would share the object"
            span = Span(field.span.file, constant.start, constant.end)
            kind = _kind(field)
            is_meant = not _is_bound(tree, node, kind)
            fix = Fix((Edit(span, f"{kind}({name})"),)) if is_meant else None
            yield self.found(span, message, f"write `{kind}({name})` to make a copy", fix)


def _is_bound(tree: Tree, node: Node, name: str) -> bool:
    """Whether the name of a builtin type means something else in the body of a class."""
    module = tree.modules.get(node.span.file)
    body = module.body if module is not None else ()
    return node.field(name) is not None or any(name in _names_of(s) for s in body)


def _names_of(statement: Statement) -> Collection[str | None]:
    match statement:
        case Import(name=name, bound=bound):
            return (name, bound)
        case Assign(target=name) | ClassDef(name=name) | FunctionDef(name=name):
            return (name,)
        case Other(bound=names):
            return names


def _kind(field: Field) -> str:
    return field.default.kind if isinstance(field.default, Items) else "dict"


def _is_mutable(tree: Tree, span: Span, field: Field) -> bool:
    """Whether a constant is a list, a dict or a set; a frozenset is read as a set too."""
    if _kind(field) != "set":
        return _kind(field) in ("list", "dict")
    module = tree.modules.get(span.file)
    return any(
        isinstance(statement, Assign)
        and isinstance(statement.value, Sequence)
        and statement.value.start == span.start
        for statement in (module.body if module is not None else ())
    )


def _constant(assign: Assign | None) -> Name | Attribute | None:
    """The bare name that a field has its default from, also inside `default(...)`."""
    value = assign.value if assign is not None else None
    if value is None or isinstance(value, Name | Attribute):
        return value
    if not isinstance(value, Call):
        return None
    inner = [part.value if isinstance(part, Keyword) else part for part in parts(value)[1:]]
    found = [item.body if isinstance(item, Lambda) else item for item in inner]
    return found[0] if len(found) == 1 and isinstance(found[0], Name | Attribute) else None
