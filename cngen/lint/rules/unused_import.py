"""CN004."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from unicodedata import normalize

from cngen.diagnostics import Diagnostic, Edit, Fix, RuleId, Severity, Span
from cngen.lint.rule import Rule
from cngen.model.tree import Tree, per_tree
from cngen.project.sources import module_name
from cngen.reading.names import VOCABULARY
from cngen.syntax.facts import (
    Assign,
    ClassDef,
    Constant,
    Expr,
    FunctionDef,
    Import,
    Module,
    Other,
    Statement,
    free_names,
)
from cngen.syntax.facts import Sequence as Display

_BARE = 8
"""How long the text between two names may be for there to be no comment in it: `,` and a line end."""

_NEAR = 3
"""The same for two statements."""


class UnusedImport(Rule):
    """A name of cngen's vocabulary is imported and never used.

    ## What it does
    Reports names imported from `cngen`, and the tree's own base class, that the file doesn't read, that `__all__`
    doesn't list and that no other file of the tree imports from it. An `__init__.py` may re-export anything. The
    fix removes the name, and the statement if no name is left; it keeps names with comments between them.

    ## Why is it bad
    A reader looks for the sweep or the reference that the import announces. Linters of Python code report it too,
    but not everyone runs one on configs.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN, ref

    class Run(CN):
        seed: int = 0
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
    ```
    """

    id = RuleId("CN004", "unused-import", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such name."""
        bases = {(base.rpartition(".")[0], base.rpartition(".")[2]) for base in tree.settings.base}
        for path, module in tree.modules.items():
            imports = [s for s in module.body if isinstance(s, Import) and _is_vocabulary(s, bases)]
            unused = _unused(module, imports)
            if not unused or path.endswith("/__init__.py"):
                continue
            if not _is_passed_on(tree, path, unused):
                yield from self._finding(path, module, unused)

    def _finding(self, path: str, module: Module, unused: Sequence[Import]) -> Iterator[Diagnostic]:
        for _, group in groupby(unused, key=lambda statement: statement.start):
            names = tuple(group)
            edits = _edits(path, module, names)
            fix = Fix(edits) if edits else None
            for name in names:
                message = f"`{name.bound}` is imported and never used"
                yield self.found(Span(path, *name.place), message, "remove it", fix)


# What is imported and what is used


def _is_vocabulary(statement: Import, bases: set[tuple[str, str]]) -> bool:
    """Whether an import brings a name that a fix could remove; `CN as CN` re-exports it."""
    name, (start, end) = statement.name, statement.place
    if not name or statement.level or start == end:
        return False
    if statement.bound == name and end - start > len(name):
        return False
    return statement.module == VOCABULARY or (statement.module, name) in bases


def _unused(module: Module, imports: Sequence[Import]) -> tuple[Import, ...]:
    # Python takes names that are equal in this form for one.
    wanted = {normalize("NFKC", statement.bound) for statement in imports}
    for name in _used(module.body) if wanted else ():
        wanted.discard(normalize("NFKC", name))
        if not wanted or name == "__all__":
            return ()
    return tuple(statement for statement in imports if normalize("NFKC", statement.bound) in wanted)


def _used(body: Iterable[Statement]) -> Iterator[str]:
    """The names that statements mention; `__all__` itself where what it lists isn't known."""
    for statement in body:
        match statement:
            case Assign(target="__all__", value=Display(items=items)):
                yield from (i.text[1:-1] if isinstance(i, Constant) else "__all__" for i in items)
            case Assign(target="__all__"):
                yield "__all__"
            case Assign(annotation=annotation, value=value):
                yield from _names(e for e in (annotation, value) if e is not None)
            case FunctionDef(names=names) | Other(names=names):
                yield from names
            case ClassDef():
                yield from _names(statement.bases)
                yield from _names(keyword.value for keyword in statement.keywords)
                yield from _names(statement.decorators)
                yield from _used(statement.body)


def _names(expressions: Iterable[Expr]) -> Iterator[str]:
    return (name for expression in expressions for name in free_names(expression))


def _is_passed_on(tree: Tree, path: str, unused: Iterable[Import]) -> bool:
    """Whether another file of the tree takes one of the names from this one, or may do so."""
    module = module_name(path, tree.settings)
    names = {"*", *(statement.bound for statement in unused)}
    places = (module, f".{module.rpartition('.')[2]}")
    return any((place, name) in _taken(tree) for place in places for name in names)


@per_tree
def _taken(tree: Tree) -> frozenset[tuple[str, str]]:
    """What the files import, as (module, name): `*` for a whole module, `.base` for a relative one."""
    found: set[tuple[str, str]] = set()
    for module in tree.modules.values():
        for statement in module.body:
            if not isinstance(statement, Import):
                continue
            place = statement.module
            if statement.level:
                place = f".{place.rpartition('.')[2]}"
            if statement.name:
                inner = f"{place}.{statement.name}" if place != "." else f".{statement.name}"
                found |= {(place, statement.name), (inner, "*")}
                if statement.level:
                    found.add((f".{statement.name}", "*"))
            else:
                found.add((place, "*"))
    return frozenset(found)


# What is left without them


def _edits(path: str, module: Module, names: Sequence[Import]) -> tuple[Edit, ...]:
    """Edits that remove names from their statement; none where a comment may be beside one."""
    start, end = names[0].start, names[0].end
    every = [s for s in module.body if isinstance(s, Import) and s.start == start]
    gone = {statement.place for statement in names}
    if len(gone) == len(every):
        return (Edit(Span(path, *_whole(module, every[0])), ""),)
    has_brackets = every[-1].place[1] < end
    last_kept = max(number for number, s in enumerate(every) if s.place not in gone)
    edits: list[Edit] = []
    for number, statement in enumerate(every):
        first, last = statement.place
        if statement.place not in gone:
            continue
        behind = every[number + 1].place[0] if number + 1 < len(every) else end
        cut = (first, behind) if number < last_kept else (every[number - 1].place[1], last)
        gaps = (behind - last, cut[1] - cut[0] - (last - first))
        if has_brackets and max(gaps) > _BARE:
            return ()
        edits.append(Edit(Span(path, *cut), ""))
    return tuple(edits)


def _whole(module: Module, statement: Import) -> tuple[int, int]:
    """A whole statement, with the line end or the semicolon on one side of it."""
    place = next(number for number, s in enumerate(module.body) if s is statement)
    behind = next((s for s in module.body[place:] if s.start != statement.start), None)
    if isinstance(behind, Import | Assign) and behind.start - statement.end <= 1:
        return statement.start, behind.start
    before = module.body[place - 1] if place else None
    end = before.end if isinstance(before, Import) else None
    if isinstance(before, Assign) and before.value is not None:
        end = before.value.end
    if end is not None and statement.start - end <= _NEAR:
        return end, statement.end
    return statement.start, statement.end + 1
