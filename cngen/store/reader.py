"""A store's text -> what it holds, as values. It is read as syntax and never executed."""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cngen.text.quoting import quote

Path = tuple[str, ...]
"""Where a value is in a config."""

_COMPUTED = re.compile(r"_computed_\d+")
_HELPERS = frozenset({"_node", "_part", "_restored"})
_NAME = re.compile(r"\w+")
_PLACES = frozenset({"group", "name", "package", "node"})


@dataclass(frozen=True, slots=True)
class StoredField:
    """A field of a dataclass, as Python text; `comment` is what is after it on its line."""

    name: str
    type: str
    default: str
    comment: str


@dataclass(frozen=True, slots=True)
class StoredClass:
    """A dataclass. `source` is the file that the comment above it names, `code` its whole text."""

    name: str
    bases: tuple[str, ...]
    decorator: str
    doc: str | None
    fields: tuple[StoredField, ...]
    source: str
    code: str


@dataclass(frozen=True, slots=True)
class StoredConfig:
    """One call of the store. `node` is its dataclass, empty for a dict; `code` is its whole text.

    An entry of `defaults` is a key and an option, or an option alone behind an empty key.
    """

    group: str
    name: str
    package: str
    node: str
    defaults: tuple[tuple[str, str], ...]
    values: tuple[tuple[Path, str], ...]
    code: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store holds, in its order.

    `imports` have where each name comes from; `words` count every word of the text. `helpers` are the texts
    of functions, `others` the statements that cngen doesn't write, with their lines.
    """

    heading: str
    imports: Mapping[str, str]
    exported: tuple[str, ...]
    classes: tuple[StoredClass, ...]
    configs: tuple[StoredConfig, ...]
    helpers: tuple[str, ...]
    others: tuple[tuple[int, str], ...]
    words: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NotPython:
    """Why a text can't be read: the line of the first syntax error, 0 where none is known."""

    line: int


def read_stored(text: str) -> Stored | NotPython:
    """What the text of a store holds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes, in what somebody wrote by hand
            module = ast.parse(text)
        return _Reader(text, module.body).stored()
    except SyntaxError as error:
        return NotPython(error.lineno or 0)
    except (ValueError, RecursionError, MemoryError):
        return NotPython(0)


class _Reader:
    """Reads one module, statement by statement."""

    def __init__(self, text: str, body: list[ast.stmt]) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.body = body
        functions = [s for s in body if isinstance(s, ast.FunctionDef)]
        self.functions = [f for f in functions if f.name in _HELPERS or _COMPUTED.fullmatch(f.name)]
        self.computed: dict[str, str] = {}
        self.computed |= {
            f.name: self._computed(f) for f in self.functions if f.name not in _HELPERS
        }
        imports = (alias for s in body for alias in _imported(s))
        self.imports = dict(imports)

    def stored(self) -> Stored:
        body = self.body
        calls = [(s, call) for s in body if (call := _store_call(s)) is not None]
        classes = [s for s in body if isinstance(s, ast.ClassDef)]
        known = {id(s) for s in (*classes, *self.functions, *(s for s, _ in calls))}
        others = [s for s in body if id(s) not in known and not self._is_frame(s)]
        return Stored(
            heading=_docstring(body) or "",
            imports=self.imports,
            exported=next((names for s in body if (names := _exported(s)) is not None), ()),
            classes=tuple(self._class(s) for s in classes),
            configs=tuple(self._config(s, places) for s, places in calls),
            helpers=tuple(self._code(function) for function in self.functions),
            others=tuple((s.lineno, self.lines[s.lineno - 1].strip()) for s in others),
            words=_counted(_NAME.findall(self.text)),
        )

    def _is_frame(self, statement: ast.stmt) -> bool:
        """Whether a statement is one of those that every store has."""
        if statement is self.body[0] and _docstring(self.body) is not None:
            return True
        is_import = isinstance(statement, ast.ImportFrom)
        is_instance = ast.unparse(statement) == "cs = ConfigStore.instance()"
        return is_import or is_instance or _exported(statement) is not None

    def _code(self, statement: ast.stmt) -> str:
        """The text of a statement, with no number on what is computed: others may come before it."""
        decorators = statement.decorator_list if isinstance(statement, ast.ClassDef) else []
        first = min((d.lineno for d in decorators), default=statement.lineno)
        lines = self.lines[first - 1 : statement.end_lineno]
        return _COMPUTED.sub("_computed", "\n".join(lines))

    # Classes

    def _class(self, statement: ast.ClassDef) -> StoredClass:
        fields = (s for s in statement.body if isinstance(s, ast.AnnAssign))
        decorators = [ast.unparse(decorator) for decorator in statement.decorator_list]
        first = min((d.lineno for d in statement.decorator_list), default=statement.lineno)
        above = self.lines[first - 2] if first > 1 else ""
        return StoredClass(
            name=statement.name,
            bases=tuple(self._base(base) for base in statement.bases),
            decorator=", ".join(f"@{decorator}" for decorator in decorators),
            doc=_docstring(statement.body),
            fields=tuple(self._field(field) for field in fields),
            source=above.removeprefix("# ") if above.startswith("# ") else "",
            code=self._code(statement),
        )

    def _base(self, base: ast.expr) -> str:
        """A base; a source class by where it comes from."""
        text = ast.unparse(base)
        return self.imports.get(text, text)

    def _field(self, statement: ast.AnnAssign) -> StoredField:
        end = self.lines[(statement.end_lineno or 1) - 1].encode()[statement.end_col_offset or 0 :]
        return StoredField(
            name=ast.unparse(statement.target),
            type=_text(statement.annotation) or self._shown(statement.annotation),
            default="" if statement.value is None else self._default(statement.value),
            comment=end.decode().strip(),
        )

    def _default(self, value: ast.expr) -> str:
        """A default as it would be in a source."""
        match value:
            case ast.Call(ast.Name("field"), [], [ast.keyword("default_factory", made), *_]):
                match made:
                    case ast.Lambda(body=body):
                        return self._shown(body)
                    case ast.Name("list" | "dict" as kind):
                        return "[]" if kind == "list" else "{}"
                return self._shown(made)
            case ast.Call(ast.Name("field"), [], [ast.keyword("default", held), *_]):
                return self._shown(held)
        return self._shown(value)

    def _computed(self, function: ast.FunctionDef) -> str:
        """The expression that a function computes, with the imports that it needs."""
        *before, last = function.body
        value = last.value if isinstance(last, ast.Return) and last.value is not None else None
        if value is None:
            return ast.unparse(function)
        imports = "; ".join(ast.unparse(statement) for statement in before)
        return f"{self._shown(value)} ({imports})" if imports else self._shown(value)

    # Configs

    def _config(self, statement: ast.stmt, places: Mapping[str, ast.expr]) -> StoredConfig:
        node, defaults, values = self._node(places["node"])
        return StoredConfig(
            group=_text(places.get("group")),
            name=_text(places.get("name")),
            package=_text(places.get("package")),
            node=node,
            defaults=tuple(entry for e in defaults for entry in self._entries(e)),
            values=tuple(values),
            code=self._code(statement),
        )

    def _node(self, node: ast.expr) -> tuple[str, list[ast.expr], list[tuple[Path, str]]]:
        """The class, the defaults list and the values of what is stored."""
        match node:
            case ast.Call(ast.Name("_node"), [schema, ast.List(entries)], keywords):
                named = [(keyword.arg or "**", keyword.value) for keyword in keywords]
                return self._shown(schema), entries, self._values(named)
            case ast.Dict() if (items := _items(node)) is not None:
                lists = [v for k, v in items if k == "defaults" and isinstance(v, ast.List)]
                rest = [(k, v) for k, v in items if v not in lists]
                return "", [entry for v in lists for entry in v.elts], self._values(rest)
        return self._shown(node), [], []

    def _entries(self, entry: ast.expr) -> Iterator[tuple[str, str]]:
        items = _items(entry)
        if items is None:
            yield "", _text(entry) or self._shown(entry)
            return
        for key, value in items:
            yield key, "null" if _is_none(value) else _text(value) or self._shown(value)

    def _values(self, items: Iterable[tuple[str, ast.expr]]) -> list[tuple[Path, str]]:
        """Every value by where it is, dicts opened."""
        found: list[tuple[Path, str]] = []
        for key, value in items:
            inner = _items(value)
            if inner:
                found += [((key, *path), text) for path, text in self._values(inner)]
            else:
                found.append(((key,), self._shown(value)))
        return found

    # Expressions

    def _shown(self, node: ast.expr) -> str:
        """An expression on one line, written as cngen does, and interpolations as in a source."""
        match node:
            case ast.Constant(str(text)):
                return quote(text)
            case ast.Name(name):
                return self.computed.get(name, name)
            case ast.Subscript(value, item):
                items = item.elts if isinstance(item, ast.Tuple) and item.elts else [item]
                return f"{self._shown(value)}[{self._all(items)}]"
            case ast.BinOp(left, ast.BitOr(), right):
                return f"{self._shown(left)} | {self._shown(right)}"
            case ast.Call():
                return self._called(node)
            case ast.List() | ast.Tuple() | ast.Dict():
                return self._container(node)
        return ast.unparse(node)

    def _container(self, node: ast.List | ast.Tuple | ast.Dict) -> str:
        match node:
            case ast.List(items):
                return f"[{self._all(items)}]"
            case ast.Tuple([item]):
                return f"({self._shown(item)},)"
            case ast.Tuple(items):
                return f"({self._all(items)})"
        keys = ("**" if key is None else f"{self._shown(key)}: " for key in node.keys)
        values = (self._shown(value) for value in node.values)
        return "{" + ", ".join(map(str.__add__, keys, values)) + "}"

    def _all(self, nodes: Iterable[ast.expr]) -> str:
        return ", ".join(self._shown(node) for node in nodes)

    def _called(self, call: ast.Call) -> str:
        match call:
            case ast.Call(ast.Name("II"), [ast.Constant(str(text))], []):
                return quote(f"${{{text}}}")
            case ast.Call(ast.Name("SI"), [ast.Constant(str(text))], []):
                return quote(text)
            case ast.Call(ast.Name(name), [], []) if name in self.computed:
                return self.computed[name]
        function, given = self._shown(call.func), call.args
        if function == "_part" and given:
            function, given = self._shown(given[0]), given[1:]
        named = (f"{f'{k.arg}=' if k.arg else '**'}{self._shown(k.value)}" for k in call.keywords)
        arguments = ", ".join((*(self._shown(argument) for argument in given), *named))
        return f"{function}({arguments})"


def _imported(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """The names that a statement imports, and from where."""
    if isinstance(statement, ast.ImportFrom):
        module = "." * statement.level + (statement.module or "")
        for alias in statement.names:
            yield alias.asname or alias.name, f"{module}.{alias.name}"


def _exported(statement: ast.stmt) -> tuple[str, ...] | None:
    match statement:
        case ast.Assign([ast.Name("__all__")], ast.List(names)):
            return tuple(_text(name) for name in names)
    return None


def _store_call(statement: ast.stmt) -> Mapping[str, ast.expr] | None:
    """The arguments of a call as cngen writes it, None for another statement."""
    match statement:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("cs"), "store"), [], keywords)):
            places = {keyword.arg or "": keyword.value for keyword in keywords}
            texts = (value for key, value in places.items() if key != "node")
            if {"name", "node"} <= set(places) <= _PLACES and all(_text(t) for t in texts):
                return places
    return None


def _items(node: ast.expr) -> list[tuple[str, ast.expr]] | None:
    """The items of a dict whose keys are all texts, None for anything else."""
    if not isinstance(node, ast.Dict):
        return None
    keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
    texts = [key for key in keys if isinstance(key, str)]
    return list(zip(texts, node.values, strict=True)) if len(texts) == len(keys) else None


def _text(node: ast.expr | None) -> str:
    """A text that is written out; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _docstring(body: list[ast.stmt]) -> str | None:
    match body:
        case [ast.Expr(ast.Constant(str(text))), *_]:
            return text
    return None


def _counted(words: Iterable[str]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
