"""Measure cngen against its targets, as ratios of processes that run side by side.

Absolute times say more about the machine than about the program, so each number here compares two
fresh processes, started in turn (A B A B ...), and is the median over the pairs. Nothing fails when
a target is missed: a busy machine is no bug. See README.md for what each row means.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

CHECKOUT = Path(__file__).resolve().parent.parent
GROUPS = 20
NODES_PER_FILE = 5
FIELDS = 15
GROWTH = 5

PARSE = """
import sys
from pathlib import Path
import libcst
for path in sorted(Path(sys.argv[1]).rglob("*.py")):
    if path.name != "_generated_store.py":
        libcst.parse_module(path.read_bytes())
"""
TIME_IMPORT = """
from time import perf_counter
start = perf_counter()
import {module}
print((perf_counter() - start) * 1000)
"""
COMMAND = """
import cngen.cli
import cngen.lint.rules
{before}
cngen.cli.main({command})
"""
NO_RULES = "cngen.lint.rules.check = lambda tree: iter(())"
BYTECODE = tempfile.TemporaryDirectory(prefix="cngen-bench-bytecode-")


@dataclass(frozen=True)
class Node:
    """One node of the tree: its name, its base, and the two nodes that it holds, if any."""

    group: str
    name: str
    base: str
    number: int
    held: tuple["Node", ...] = ()

    @property
    def module(self) -> str:
        return f"cn.{self.group}.part_{self.number // NODES_PER_FILE:04}"

    @property
    def option(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Cost:
    """What one process took, in milliseconds."""

    wall: float
    user: float


@dataclass(frozen=True)
class Row:
    """One line of the report; the ratio of each pair of runs is in `values`."""

    what: str
    target: str
    values: tuple[float, ...]
    unit: str
    note: str

    def __str__(self) -> str:
        median = statistics.median(self.values)
        spread = f"{min(self.values):.2f}-{max(self.values):.2f}"
        measured = f"{median:>7.2f}{self.unit:<3} {self.target:>8}  {spread:<12}"
        return f"{self.what:<44} {measured} {self.note}".rstrip()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure cngen against its targets.")
    parser.add_argument("--nodes", type=int, default=1000, help="nodes in the tree (default 1000)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each process (default 5)")
    parser.add_argument("--only", choices=sorted(SECTIONS), help="one section alone")
    options = parser.parse_args()
    if options.nodes < 2 * GROUPS or options.runs < 1:
        parser.error(f"at least {2 * GROUPS} nodes and one run")
    print(f"{'what':<44} {'median':>7}    {'target':>8}  {'min-max':<12} medians")
    for name, section in SECTIONS.items():
        if options.only in (None, name):
            for row in section(options.nodes, options.runs):
                print(row, flush=True)


def compare_with_parsing(nodes: int, runs: int) -> Iterator[Row]:
    """The compiler against a process that only parses the same files with libcst."""
    with project(nodes) as (folder, _):
        builds, parses = interleaved(
            runs, lambda: build(folder), lambda: python("-c", PARSE, str(folder / "cn"))
        )
    yield ratio(f"build / libcst.parse_module, {nodes} nodes", "<= 2.0", builds, parses)
    yield ratio("  the same, user CPU", "", builds, parses, "user")


def compare_sizes(nodes: int, runs: int) -> Iterator[Row]:
    """The compiler against itself on a tree five times smaller."""
    with project(nodes * GROWTH) as (large, _), project(nodes) as (small, _):
        larger, smaller = interleaved(runs, lambda: build(large), lambda: build(small))
    yield ratio(f"build {nodes * GROWTH} / {nodes} nodes", "<= 6.0", larger, smaller)


def compare_with_hand(nodes: int, runs: int) -> Iterator[Row]:
    """Importing the generated store against importing one that a person would have written."""
    with project(nodes) as (folder, tree):
        (folder / "by_hand.py").write_text(by_hand(tree))
        build(folder)
        generated, hand, hydra = interleaved(
            runs,
            lambda: python("-c", "import cn._generated_store", path=folder),
            lambda: python("-c", "import by_hand", path=folder),
            lambda: python("-c", "import hydra.core.config_store", path=folder),
        )
    yield ratio(f"import store / by hand, {nodes} nodes", "<= 1.1", generated, hand)
    generated, hand = less(generated, hydra), less(hand, hydra)
    yield ratio("  the same, without importing Hydra", "", generated, hand)


def compare_without_rules(nodes: int, runs: int) -> Iterator[Row]:
    """The compiler against itself with no rule to apply: what a finding costs those who have none."""
    with project(nodes) as (folder, _):
        command = ["build", "-C", str(folder)]
        with_rules, without = interleaved(
            runs,
            lambda: python("-c", COMMAND.format(before="", command=command)),
            lambda: python("-c", COMMAND.format(before=NO_RULES, command=command)),
        )
    yield ratio(f"build / build without rules, {nodes} nodes", "<= 1.3", with_rules, without)
    yield ratio("  the same, user CPU", "", with_rules, without, "user")


def compare_diff(nodes: int, runs: int) -> Iterator[Row]:
    """A diff against a build: it reads two trees, of which it scans what is equal once."""
    for what, is_edited in (("one file differs", _is_first_base), ("all files differ", bool)):
        with project(nodes) as (folder, _):
            git(folder, "init", "--quiet")
            git(folder, "add", "--all")
            git(folder, "commit", "--quiet", "--message", "before")
            for path in sorted((folder / "cn").rglob("*.py")):
                if is_edited(path):
                    text = path.read_text().replace(" = 0\n", " = 10\n")
                    path.write_text(text.replace('"""Node', '"""A node') + "# edited\n")
            diffs, builds = interleaved(
                runs,
                lambda: python("-m", "cngen", "diff", "-C", str(folder)),
                lambda: build(folder),
            )
        yield ratio(f"diff / build, {nodes} nodes, {what}", "<= 2.2", diffs, builds)


def _is_first_base(path: Path) -> bool:
    return path.match("group00/base.py")


def git(folder: Path, *arguments: str) -> None:
    """Run git with a name to commit with, whatever the machine's settings are."""
    names = {
        f"GIT_{who}_{what}": "bench"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    subprocess.run(["git", *arguments], cwd=folder, env=environment(None) | names, check=True)


def compare_start(_: int, runs: int) -> Iterator[Row]:
    """Importing the vocabulary, which every cn/ module with behaviour does at run time."""
    runs = runs * 5  # a start takes milliseconds: more runs, not much more time
    imported, bare = interleaved(
        runs, lambda: python("-c", "import cngen"), lambda: python("-c", "pass")
    )
    yield ratio("python -c 'import cngen' / 'pass'", "", imported, bare)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "empty").mkdir()
        Path(folder, "empty", "__init__.py").touch()
        pairs = [(inside("cngen", folder), inside("empty", folder)) for _ in range(runs + 1)][1:]
    ours, empty = (statistics.median(times) for times in zip(*pairs, strict=True))
    values = tuple(first - second for first, second in pairs)
    note = f"{ours:.2f} ms / {empty:.2f} ms"
    yield Row("  import cngen less that of an empty package", "< 1.0", values, "ms", note)


def inside(module: str, folder: str) -> float:
    """How many milliseconds a fresh Python says that an import took."""
    return float(output("-c", TIME_IMPORT.format(module=module), path=Path(folder)))


SECTIONS: dict[str, Callable[[int, int], Iterator[Row]]] = {
    "build": compare_with_parsing,
    "growth": compare_sizes,
    "import": compare_with_hand,
    "rules": compare_without_rules,
    "diff": compare_diff,
    "start": compare_start,
}


# Measuring


def interleaved(runs: int, *commands: Callable[[], Cost]) -> list[list[Cost]]:
    """The costs of each command, run in turn so that a slow minute hits all alike."""
    for command in commands:  # fills the disk's caches and Python's
        command()
    rounds = [[command() for command in commands] for _ in range(runs)]
    return [list(costs) for costs in zip(*rounds, strict=True)]


def ratio(
    what: str, target: str, above: Sequence[Cost], below: Sequence[Cost], of: str = "wall"
) -> Row:
    tops: list[float] = [getattr(cost, of) for cost in above]
    bottoms: list[float] = [getattr(cost, of) for cost in below]
    values = tuple(top / max(bottom, 0.01) for top, bottom in zip(tops, bottoms, strict=True))
    note = f"{statistics.median(tops):.0f} ms / {statistics.median(bottoms):.0f} ms"
    return Row(what, target, values, "x", note)


def less(costs: Sequence[Cost], others: Sequence[Cost]) -> list[Cost]:
    return [Cost(a.wall - b.wall, a.user - b.user) for a, b in zip(costs, others, strict=True)]


def build(folder: Path) -> Cost:
    """A build from nothing, which must write a store: a failure is no fast build."""
    store = folder / "cn" / "_generated_store.py"
    store.unlink(missing_ok=True)
    cost = python("-m", "cngen", "build", "-C", str(folder))
    if not store.is_file():
        raise SystemExit(f"the build of {folder} wrote no store")
    return cost


def python(*arguments: str, path: Path | None = None) -> Cost:
    """Run a fresh Python, and charge it for itself alone."""
    start = perf_counter()
    with tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=environment(path),
            stdout=messages,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            messages.seek(0)
            raise SystemExit(messages.read().decode() + f"{arguments} ended with {status=}")
    return Cost(wall * 1000, usage.ru_utime * 1000)


def output(*arguments: str, path: Path) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env=environment(path), check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def environment(path: Path | None) -> dict[str, str]:
    """An installed program's: every module is compiled already, by the run that is not measured."""
    folders = [str(CHECKOUT)] if path is None else [str(path), str(CHECKOUT)]
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        "PYTHONPATH": os.pathsep.join(folders),
        "PYTHONHASHSEED": "0",
        "PYTHONPYCACHEPREFIX": BYTECODE.name,
    }


# The tree, and the store that a person would have written for it


@contextmanager
def project(count: int) -> Iterator[tuple[Path, list[Node]]]:
    """A project of so many nodes in a temporary folder, and the plan that it was written from."""
    nodes = plan(count)
    with tempfile.TemporaryDirectory(prefix="cngen-bench-") as name:
        folder = Path(name).resolve()
        (folder / "pyproject.toml").write_text('[tool.cngen]\nroot = "cn"\n')
        for name, text in sources(nodes).items():
            path = folder / "cn" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        yield folder, nodes


def plan(count: int) -> list[Node]:
    """`count` nodes less the bases and the primary config; even groups hold nodes of odd ones."""
    per_group, extra = divmod(count - GROUPS - 1, GROUPS)
    nodes: list[Node] = []
    held: list[Node] = []
    for index in reversed(range(GROUPS)):
        group, size = f"group{index:02}", per_group + (index < extra)
        chosen = [
            Node(group, f"N{index:02}x{number:04}", f"Base{index:02}", number, _pair(held, number))
            for number in range(size)
        ]
        held = chosen if index % 2 else []
        nodes = chosen + nodes
    return nodes


def _pair(nodes: Sequence[Node], number: int) -> tuple[Node, ...]:
    return tuple(nodes[(number + step) % len(nodes)] for step in (0, 1)) if nodes else ()


def sources(nodes: Sequence[Node]) -> dict[str, str]:
    """The files below cn/, by relative path."""
    files: dict[str, list[str]] = {}
    for index in range(GROUPS):
        base = f"class Base{index:02}(CN, abstract=True):\n    seed: int = {index}\n"
        files[f"group{index:02}/base.py"] = ["from cngen import CN\n", base]
    for node in nodes:
        name = node.module.removeprefix("cn.").replace(".", "/") + ".py"
        files.setdefault(name, [f"from cn.{node.group}.base import {node.base}\n"])
        imports = [f"from {held.module} import {held.name}\n" for held in node.held]
        imports += [f"from cn.{held.group}.base import {held.base}\n" for held in node.held[:1]]
        files[name][:0] = [line for line in imports if line not in files[name]]
        files[name].append(class_source(node))
    chosen = first_of_groups(nodes)
    imports = [f"from {node.module} import {node.name}\n" for node in chosen]
    bases = [f"from cn.{node.group}.base import {node.base}\n" for node in chosen]
    body = [f"    {node.group}: {node.base} = {node.name}()\n" for node in chosen]
    run = ["from cngen import CN\n", *imports, *bases, "\n\nclass Run(CN):\n    steps: int = 10\n"]
    files["run.py"] = [*run, *body]
    return {name: "".join(parts) for name, parts in files.items()}


def class_source(node: Node) -> str:
    fields = [f"    {name}: {kind} = {value}\n" for name, kind, value in plain_fields(node)]
    fields += [
        f"    part{place}: {held.base} = {held.name}()\n" for place, held in enumerate(node.held)
    ]
    return (
        f'\n\nclass {node.name}({node.base}):\n    """Node {node.number}."""\n\n{"".join(fields)}'
    )


def plain_fields(node: Node) -> Iterator[tuple[str, str, str]]:
    """Name, type and value of the fields that hold no node; one more comes from the base."""
    kinds = (
        ("int", "{n}"),
        ("float", "{n}e-3"),
        ("str", '"value {n}"'),
        ("bool", "True"),
        ("list[int]", "[1, {n}, 3]"),
        ("dict[str, float]", '{{"a": 0.5, "b": {n}.0}}'),
    )
    for place in range(FIELDS - 1 - len(node.held)):
        kind, value = kinds[place % len(kinds)]
        yield f"field{place:02}", kind, value.format(n=node.number + place)


def first_of_groups(nodes: Sequence[Node]) -> list[Node]:
    """The first node of each even group: these hold the nodes of the odd ones."""
    return [node for node in nodes if node.number == 0 and node.held]


def by_hand(nodes: Sequence[Node]) -> str:
    """The same dataclasses and store calls, written plainly; made without any part of cngen."""
    ordered = sorted(nodes, key=lambda node: bool(node.held))
    chosen = first_of_groups(nodes)
    classes = [
        f"@dataclass(kw_only=True)\nclass Base{index:02}:\n    seed: int = {index}\n"
        for index in range(GROUPS)
    ]
    classes += [hand_class(node) for node in ordered]
    run = "".join(f"    {node.group}: {node.base} = MISSING\n" for node in chosen)
    classes.append(f"@dataclass(kw_only=True)\nclass Run:\n    steps: int = 10\n{run}")
    calls = [hand_call(node) for node in ordered]
    defaults = ", ".join(f'{{"{node.group}": "{node.option}"}}' for node in chosen)
    calls.append(f'cs.store(name="run", node=_node(Run, {defaults}))\n')
    return "\n\n".join([HAND_HEAD, *classes, "cs = ConfigStore.instance()\n" + "".join(calls)])


HAND_HEAD = """\
from dataclasses import dataclass, field

from hydra.core.config_store import ConfigStore
from omegaconf import MISSING, DictConfig, OmegaConf, open_dict


def _node(schema: type, *defaults: dict[str, str]) -> DictConfig:
    node: DictConfig = OmegaConf.structured(schema)
    with open_dict(node):
        node.defaults = ["_self_", *defaults]
    return node
"""


def hand_class(node: Node) -> str:
    lines = [f"@dataclass(kw_only=True)\nclass {node.name}({node.base}):\n"]
    lines.append(f'    """Node {node.number}."""\n\n')
    for name, kind, value in plain_fields(node):
        written = f"field(default_factory=lambda: {value})" if value[0] in "[{" else value
        lines.append(f"    {name}: {kind} = {written}\n")
    lines += [f"    part{place}: {held.base} = MISSING\n" for place, held in enumerate(node.held)]
    return "".join(lines)


def hand_call(node: Node) -> str:
    defaults = ", ".join(
        f'{{"/{held.group}@part{place}": "{held.option}"}}' for place, held in enumerate(node.held)
    )
    stored = f"_node({node.name}, {defaults})" if node.held else node.name
    return f'cs.store(group="{node.group}", name="{node.option}", node={stored})\n'


if __name__ == "__main__":
    main()
