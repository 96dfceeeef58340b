"""CN121."""

from collections.abc import Iterator

from cngen.compose.defaults import with_source
from cngen.diagnostics import Diagnostic, RuleId, Span
from cngen.lint.queries.written import written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.types import mentioned
from cngen.model.values import Computed
from cngen.project.sources import Source, module_name
from cngen.reading.names import File
from cngen.syntax.facts import (
    Assign,
    Attribute,
    Block,
    ClassDef,
    Expr,
    Import,
    Module,
    Name,
    Other,
    Statement,
    free_names,
)


class UnimportableName(Rule):
    """A source that the store imports needs a name that isn't defined at that time.

    ## What it does
    Checks the sources that the store imports: those of classes with methods, of enums and of computed values.
    Reports what they import from the store, directly or through a package that re-exports it, and names under `if
    TYPE_CHECKING` that such classes use as annotations of fields, as bases or in values.

    ## Why is it bad
    The store is still being imported when the source asks it for a class. OmegaConf evaluates the annotations of
    a class, including quoted ones, and doesn't find what only type checkers see. In both cases the import of the
    store fails.

    ## Example
    ```python
    # cn/__init__.py
    from cn._generated_store import *

    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 32

    # cn/run.py
    from cn import Model
    from cngen import CN

    class Run(CN):
        model: Model

        def double(self) -> int:
            return 2 * self.model.width
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cn.model.base import Model
    from cngen import CN

    class Run(CN):
        model: Model

        def double(self) -> int:
            return 2 * self.model.width
    ```
    """

    id = RuleId("CN121", "unimportable-name")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such import and name."""
        files = {file.source.module: file for file in _files(tree)}
        for file in _imported(tree, files):
            for statement in _running(file.module.body):
                if isinstance(statement, Import) and _is_circular(tree, files, file, statement):
                    start, end = statement.place
                    span = Span(
                        file.source.path,
                        *((start, end) if start < end else (statement.start, statement.end)),
                    )
                    what = (
                        f"`{statement.name}`" if statement.name not in (None, "", "*") else "names"
                    )
                    message = f"the store imports this file, which imports {what} from the store"
                    yield self.found(span, message, "import it from the file that defines it")
            yield from self._for_checkers(tree, file)

    def _for_checkers(self, tree: Tree, file: File) -> Iterator[Diagnostic]:
        hidden = _checker_names(file.module)
        sourced = {
            tree.nodes[key].name
            for key in with_source(tree)
            if tree.nodes[key].span.file == file.source.path
        }
        for expression in _evaluated(file.module.body, sourced) if hidden else ():
            for name in sorted(free_names(expression) & hidden):
                span = Span(file.source.path, expression.start, expression.end)
                message = (
                    f"the store imports this file, where `{name}` is defined only for type checkers"
                )
                yield self.found(span, message, "import it outside of `if TYPE_CHECKING`")


def _files(tree: Tree) -> Iterator[File]:
    for path, module in tree.modules.items():
        yield File(Source(path, module_name(path, tree.settings), "", b""), "", module)


def _imported(tree: Tree, files: dict[str, File]) -> list[File]:
    """The files that the store imports, directly or through others."""
    waiting = [tree.nodes[key].module for key in with_source(tree)]
    for _, _, written, value in written_values(tree):
        waiting += [tree.enums[key].module for key in mentioned(written) if key in tree.enums]
        if isinstance(value, Computed):
            waiting += [line.split()[1] for _, line in value.imports]
    found: dict[str, File] = {}
    while waiting:
        module = waiting.pop()
        file = files.get(module)
        if file is not None and module not in found:
            found[module] = file
            for statement in _running(file.module.body):
                if isinstance(statement, Import):
                    waiting += file.modules(statement)
    return [found[module] for module in sorted(found)]


def _running(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """The statements that run when a file is imported, without those for type checkers."""
    for statement in body:
        if isinstance(statement, Import) and statement.is_inside:
            continue
        yield statement
        if isinstance(statement, Other) and statement.block is not None:
            for branch in statement.block.branches:
                if not _is_for_checkers(branch.test):
                    yield from _running(branch.body)


def _is_circular(tree: Tree, files: dict[str, File], file: File, statement: Import) -> bool:
    """Whether an import asks the store, or a package that has its names from there, for one of them."""
    store = module_name(tree.settings.output, tree.settings)
    module = file.absolute(statement)
    if file.source.path.endswith("/__init__.py") and statement.name == "*":
        return False  # it hands on what is there, and lacks nothing
    if module == store:
        return True
    package = files.get(module)
    if package is None or file.is_beyond(statement) or not statement.name:
        return False
    brings = any(
        isinstance(s, Import) and s.name in ("*", statement.name) and package.absolute(s) == store
        for s in package.module.body
    )
    names = {node.name for node in tree.nodes.values()} | {e.name for e in tree.enums.values()}
    is_module = f"{module}.{statement.name}" in files
    return brings and not is_module and (statement.name == "*" or statement.name in names)


def _checker_names(module: Module) -> frozenset[str]:
    """The names that only type checkers see."""
    found: set[str] = set()
    for statement in module.body:
        block = statement.block if isinstance(statement, Other) else None
        for branch in block.branches if isinstance(block, Block) else ():
            if _is_for_checkers(branch.test):
                found.update(s.bound for s in branch.body if isinstance(s, Import))
    others = {
        name
        for statement in _running(module.body)
        for name in (
            getattr(statement, "bound", ""),
            getattr(statement, "target", ""),
            getattr(statement, "name", ""),
        )
        if isinstance(name, str)
    }
    return frozenset(found - others)


def _is_for_checkers(test: Expr | None) -> bool:
    name = getattr(test, "id", getattr(test, "attr", ""))
    return isinstance(test, Name | Attribute) and name == "TYPE_CHECKING"


def _evaluated(body: tuple[Statement, ...], sourced: set[str]) -> Iterator[Expr]:
    """What is evaluated when the store is imported: bases, values, and annotations of classes with a source."""
    for statement in body:
        if isinstance(statement, Assign) and statement.value is not None:
            yield statement.value
        elif isinstance(statement, ClassDef):
            yield from statement.bases
            inside = (s for s in statement.body if isinstance(s, Assign))
            for assign in inside:
                parts = (assign.annotation if statement.name in sourced else None, assign.value)
                yield from (part for part in parts if part is not None)
