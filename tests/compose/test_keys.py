"""What is told of interpolations, compared with what OmegaConf resolves in every composition of a tree.

A composed config is what the nodes would be as dataclasses (other tests see to that), so here the
compositions are plain dicts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from cngen.lint.check import check_tree
from cngen.project.settings import load_settings
from tests.support.effort import at_least
from tests.support.project import write_project

NESTED = {"run": "a", "evaluate": "a", "a": "b", "b": None}
"""The group from which the nodes of each group, and each primary config, hold nodes."""


@dataclass
class Spec:
    """One class: plain fields, the keys that it refers to, and in what it holds a node."""

    name: str
    plain: set[str]
    key: str | None
    holds: str
    default: int = 0

    def source(self, base: str, group: str | None) -> str:
        lines = [f"class {self.name}({base}):", "    own: int = 0"]
        lines += [f"    {name}: int = 1" for name in sorted(self.plain)]
        if self.key is not None:
            lines.append(f'    r: Any = ref("{self.key}")')
        if group is not None and self.holds:
            held = f"{group.upper()}{self.default}()"
            if self.holds == "one":
                lines.append(f"    {group}: {group.upper()} = {held}")
            elif self.holds == "maybe":
                lines.append(f"    {group}: {group.upper()} | None = None")
            elif self.holds == "dict":
                lines.append(f'    all_{group}: dict[str, {group.upper()}] = {{"k": {held}}}')
            else:
                lines.append(f"    all_{group}: list[{group.upper()}] = [{held}]")
                if self.holds == "set":
                    lines[-1] = lines[-1].replace("()", "(r=0)")
        return "\n".join(lines) + "\n"


@dataclass
class Drawn:
    """A tree: the two options of each group, and the primary configs."""

    options: dict[str, list[Spec]]
    primaries: dict[str, Spec]

    def files(self) -> dict[str, str]:
        head = "from typing import Any\nfrom cngen import CN, ref\n"
        files = {}
        for group, specs in self.options.items():
            inner = NESTED[group]
            text = head + (f"from cn.{inner}.base import *\n" if inner else "")
            text += f"class {group.upper()}(CN, abstract=True):\n    base: int = 0\n"
            text += "".join(spec.source(group.upper(), inner) for spec in specs)
            files[f"cn/{group}/base.py"] = text
        text = head + "from cn.a.base import *\n"
        files["cn/run.py"] = text + "".join(s.source("CN", "a") for s in self.primaries.values())
        return files

    def compositions(self, spec: Spec, group: str | None, base: bool) -> Iterator[dict[str, Any]]:
        """Everything that a class can compose to. Of a list only what is written in it."""
        plain: dict[str, Any] = {"base": 0} if base else {}
        plain |= {"own": 0, **dict.fromkeys(spec.plain, 1)}
        if spec.key is not None:
            plain |= {"r": f"${{{spec.key}}}", "name": spec.name}
        if group is None or not spec.holds:
            yield plain
            return
        options = self.options[group]
        chosen = [options[spec.default]] if spec.holds in ("list", "set") else options
        inner = [c for o in chosen for c in self.compositions(o, NESTED[group], True)]
        if spec.holds == "dict":  # another key may be added
            yield from ({**plain, f"all_{group}": {"k": a, "m": b}} for a in inner for b in inner)
        elif spec.holds in ("list", "set"):
            if spec.holds == "set":
                inner = [{k: v for k, v in one.items() if k not in ("r", "name")} for one in inner]
            yield from ({**plain, f"all_{group}": [one]} for one in inner)
        else:
            yield from ({**plain, group: one} for one in inner)


WAYS = [
    "",
    "a.",
    "b.",
    "a.b.",
    "all_a.k.",
    "all_a.0.",
    "all_b.k.",
    "a.all_b.k.",
    "all_a.k.b.",
    "x.",
]
KEYS = st.builds(
    lambda dots, way, last: "." * dots + way + last,
    st.sampled_from([0, 0, 0, 1, 2, 3, 4]),
    st.sampled_from(WAYS),
    st.sampled_from(["x", "y", "own", "base", "a", "all_b"]),
)


def specs(name: str) -> st.SearchStrategy[Spec]:
    return st.builds(
        Spec,
        st.just(name),
        st.sets(st.sampled_from(["x", "y"])),
        KEYS,
        st.sampled_from(["", "one", "dict", "list", "set", "maybe"]),
        st.integers(0, 1),
    )


TREES = st.builds(
    lambda a0, a1, b0, b1, run, evaluate: Drawn(
        {"a": [a0, a1], "b": [b0, b1]}, {"run": run, "evaluate": evaluate}
    ),
    *(specs(name) for name in ("A0", "A1", "B0", "B1", "Run", "Evaluate")),
)


def tree_of(*written: Spec) -> Drawn:
    a0, a1, b0, b1, run, evaluate = written
    return Drawn({"a": [a0, a1], "b": [b0, b1]}, {"run": run, "evaluate": evaluate})


def spec(name: str, holds: str, key: str = "x", plain: str = "", default: int = 0) -> Spec:
    return Spec(name, {*plain}, key, holds, default)


B0, EVALUATE = spec("B0", ""), spec("Evaluate", "")


@settings(max_examples=at_least(60), deadline=None, suppress_health_check=[*HealthCheck])
@given(TREES)
# The node in the list isn't the one that refers: what that sets there replaces its reference.
@example(
    tree_of(
        spec("A0", "set", default=1),
        spec("A1", "one"),
        B0,
        spec("B1", "", "a.all_b"),
        spec("Run", "one"),
        EVALUATE,
    )
)
# Seen from where the reference stands, another option would have to stand around it.
@example(
    tree_of(
        spec("A0", "dict"),
        spec("A1", "one"),
        B0,
        spec("B1", "", "...a.all_b.k.x", "x"),
        spec("Run", "one"),
        EVALUATE,
    )
)
# A list has no such key, and only there the reference is.
@example(
    tree_of(
        spec("A0", "dict"),
        spec("A1", "list", "a.all_b.k.base"),
        B0,
        spec("B1", ""),
        spec("Run", "one"),
        EVALUATE,
    )
)
def test_what_is_told_is_what_resolves(tmp_path: Path, tree: Drawn) -> None:
    files = tree.files()
    told = _told(tmp_path, files)
    for name, outcomes in _outcomes(tree).items():
        message = told.get(name, "")
        if not any(outcomes):
            assert message.startswith("no config has"), (name, files)
        elif message:
            assert "doesn't resolve from" in message, (name, message, files)
            assert not all(outcomes), (name, message, files)


def _told(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """What CN402 says of the reference in each class."""
    found = check_tree(load_settings(write_project(folder, files))).diagnostics
    told = {}
    for diagnostic in found:
        if diagnostic.code == "CN402":
            above = files[diagnostic.span.file][: diagnostic.span.start]
            told[above.rpartition("\nclass ")[2].partition("(")[0]] = diagnostic.message
    return told


def _outcomes(tree: Drawn) -> dict[str, set[bool]]:
    """Whether the reference of each class resolves, over all places in all compositions."""
    outcomes: dict[str, set[bool]] = {}
    for spec in tree.primaries.values():
        for plain in tree.compositions(spec, "a", False):
            config = OmegaConf.create(plain)
            for container in _containers(config):
                outcomes.setdefault(container["name"], set()).add(_resolves(container))
    return outcomes


def _containers(config: Any) -> Iterator[Any]:
    if OmegaConf.is_dict(config):
        if "r" in config:
            yield config
        for key in config:
            if key != "r":
                yield from _containers(config[key])
    elif OmegaConf.is_list(config):
        for item in config:
            yield from _containers(item)


def _resolves(container: Any) -> bool:
    try:
        container["r"]
    except OmegaConfBaseException as error:
        return "parent node" in str(error)
    return True
