"""CN207."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cngen.diagnostics import Diagnostic, Edit, Fix, RuleId, Severity
from cngen.lint.queries.qualified_names import dotted_name, dotted_names, outside_names, parsed
from cngen.lint.queries.written import written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.types import ANY, ScalarType, Type
from cngen.model.values import Computed, Instance, Sweep, outermost


@dataclass(frozen=True, slots=True)
class Reason:
    """What a value depends on, and what to do instead; `names` are dotted, or begin so with a `.`."""

    what: str
    hint: str
    names: tuple[str, ...]


_REASONS = (
    Reason(
        "the environment",
        "write `${oc.env:NAME,default}`, which is read in each run",
        ("os.environ", "os.getenv", "os.environb", "os.getenvb", "os.path.expandvars"),
    ),
    Reason(
        "the time",
        "write `${now:%Y-%m-%d_%H-%M-%S}`, which is computed in each run",
        (
            "time.", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
            "datetime.date.today",
        ),
    ),
    Reason(
        "randomness",
        "write a literal, and draw the value in the code that uses it",
        (
            "random.betavariate", "random.choice", "random.choices", "random.gauss", "random.getrandbits",
            "random.normalvariate", "random.randbytes", "random.randint", "random.random", "random.randrange",
            "random.sample", "random.shuffle", "random.uniform", "numpy.random.choice", "numpy.random.normal",
            "numpy.random.permutation", "numpy.random.rand", "numpy.random.randint", "numpy.random.randn",
            "numpy.random.random", "numpy.random.uniform", "torch.rand", "torch.randint", "torch.randn",
            "torch.randperm", "torch.seed", "uuid.uuid1", "uuid.uuid4", "secrets.", "os.urandom",
        ),
    ),
    Reason(
        "the machine",
        "write a literal or `${oc.env:NAME,default}`, or query the machine in the code that uses it",
        (
            "os.cpu_count", "os.getcwd", "os.getlogin", "os.getpid", "os.listdir", "os.path.abspath",
            "os.path.exists", "os.path.expanduser", "os.path.isdir", "os.path.isfile", "os.path.realpath",
            "os.process_cpu_count", "os.sched_getaffinity", "os.uname", "getpass.getuser", "multiprocessing.cpu_count",
            "pathlib.Path.cwd", "pathlib.Path.home", "platform.", "psutil.", "shutil.which", "socket.",
            "sys.argv", "sys.executable", "sys.platform", "tempfile.", "torch.backends.", "torch.cuda.",
        ),
    ),
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_WORD = re.compile(
    r"(?!(?:null|true|false|inf|nan)\Z)[A-Za-z_/][\w/.-]*\Z", re.ASCII | re.IGNORECASE
)
"""What OmegaConf's grammar takes without quotes, and as a string."""


class ComputedDefault(Rule):
    """A default is an expression that is computed when the store is imported.

    ## What it does
    Finds values that aren't known from the sources. The expression is copied into the store, with the imports
    that it needs. If it depends on the environment, the time, randomness or the machine, the message names that;
    if not, it is an expression that cngen can't evaluate.

    ## Why is it bad
    The store contains the expression, not the value: the config that a run logs can't be reproduced from the
    sources on another machine or a day later. Resolvers, such as `oc.env`, keep the dependency in the config
    itself.

    ## Example
    ```python
    # cn/run.py
    import os

    from cngen import CN

    class Run(CN):
        data: str = os.environ.get("DATA", "data")
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        data: str = "${oc.env:DATA,data}"
    ```
    """

    id = RuleId("CN207", "computed-default", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such value."""
        for node, name, written, whole in written_values(tree):
            for value in outermost(whole, (Computed, Instance, Sweep)):
                if isinstance(value, Computed):
                    held = written if value is whole else ANY
                    yield self._found(tree, f"`{node.name}.{name}`", held, value)

    def _found(self, tree: Tree, place: str, written: Type, value: Computed) -> Diagnostic:
        known = _reason(tree, value)
        if known is None:
            message = f"{place} is an expression that cngen can't evaluate: the store computes it when it is imported"
            hint = "write the value out, or compute it from literals and constants of the tree"
            return self.found(value.span, message, hint)
        reason, said = known
        message = f"{place} depends on {reason.what} (`{said}`): the store computes it when it is imported"
        text = _interpolation(value) if written == ScalarType("str") else ""
        fix = Fix((Edit(value.span, text),), safe=False) if text else None
        hint = f"write `{text}`, which is read in each run" if text else reason.hint
        return self.found(value.span, message, hint, fix)


def _reason(tree: Tree, value: Computed) -> tuple[Reason, str] | None:
    """What an expression depends on, and through which of its names; None if unknown."""
    for said, full in _outside(tree, value):
        for reason in _REASONS:
            if any(full.startswith(n) if n.endswith(".") else _is(full, n) for n in reason.names):
                return reason, said
    return None


def _outside(tree: Tree, value: Computed) -> Iterator[tuple[str, str]]:
    """The names in an expression, each with the dotted name from outside the tree that it means."""
    imported = dict(value.imports)
    for said in dotted_names(value.text):
        first, dot, rest = said.partition(".")
        full = _origin(first, imported.get(first, "")) + dot + rest
        yield said, full
        for behind in outside_names(tree, full):
            yield said, behind


def _is(full: str, name: str) -> bool:
    return full == name or full.startswith(f"{name}.")


def _origin(name: str, line: str) -> str:
    """The dotted name that an import line binds to a name."""
    words = line.split()
    if not words:
        return ""
    if words[0] == "from":
        return f"{words[1]}.{words[3]}"
    return words[1] if "as" in words else name


def _interpolation(value: Computed) -> str:
    """An interpolation that reads the same environment variable, as a literal; empty if there is none."""
    match parsed(value.text):
        case ast.Call(func, [ast.Constant(str(name)), ast.Constant(str(default))], []):
            is_read = _called(value, func) in ("os.environ.get", "os.getenv")
            if is_read and _NAME.match(name) and _WORD.match(default):
                return f'"${{oc.env:{name},{default}}}"'
        case ast.Subscript(owner, ast.Constant(str(name))):
            if _called(value, owner) == "os.environ" and _NAME.match(name):
                return f'"${{oc.env:{name}}}"'
    return ""


def _called(value: Computed, function: ast.expr) -> str:
    first, dot, rest = dotted_name(function).partition(".")
    return _origin(first, dict(value.imports).get(first, "")) + dot + rest
