"""Findings that no Markdown case can show, and the text of hints; the others are in tests/lint/rules."""

import dataclasses
from pathlib import Path

import pytest
from hydra.conf import HydraConf

from cngen.compiler import compile_tree
from cngen.diagnostics import Severity
from cngen.lint.rules.invalid_hydra_setting import SECTIONS
from cngen.project.settings import load_settings
from tests.support.project import write_project

FROM = "from cngen import CN\n"
HEAD = "from cngen import CN, MISSING, default, ref\n"

HINTS = {
    "detph": (
        HEAD + "class A(CN):\n    depth: int = 1\nclass B(A):\n    detph = 4\n",
        "did you mean `depth`?",
    ),
    "lrr": (
        HEAD + "class A(CN):\n    lr: int = 1\nclass B(CN):\n    a: A = A(lrr=1)\n",
        "did you mean `lr`?",
    ),
    "float": (HEAD + "class A(CN):\n    x: int = 1e6\n", "write `1_000_000`"),
    "none": (HEAD + "class A(CN):\n    x: str = None\n", "annotate it as `str | None`"),
    "enum": (
        "from enum import Enum\n"
        + HEAD
        + "class M(Enum):\n    RED = 'red'\nclass A(CN):\n    x: M = 'red'\n",
        "write the member `M.RED`",
    ),
}


@pytest.mark.parametrize("name", HINTS)
def test_hint(name: str, tmp_path: Path) -> None:
    """What to do, in the user's own names."""
    source, hint = HINTS[name]
    compiled = compile_tree(load_settings(write_project(tmp_path, {"cn/run.py": source})))
    assert hint in [d.hint for d in compiled.diagnostics]


def test_not_utf8(tmp_path: Path) -> None:
    """A file that isn't UTF-8 is a finding; with its coding declared it is read."""
    project = write_project(tmp_path, {"cn/run.py": HEAD + "class Run(CN):\n    x: str = 'a'\n"})
    (project / "cn/run.py").write_bytes(
        (HEAD + "class Run(CN):\n    x: str = 'é'\n").encode("latin-1")
    )
    assert [d.code for d in compile_tree(load_settings(project)).diagnostics] == ["CN002"]
    declared = ("# -*- coding: latin-1 -*-\n" + HEAD + "class Run(CN):\n    x: str = 'é'\n").encode(
        "latin-1"
    )
    (project / "cn/run.py").write_bytes(declared)
    text = compile_tree(load_settings(project)).text
    assert text is not None
    assert '"é"' in text


def test_old_group_is_a_warning(tmp_path: Path) -> None:
    """`_group` still works."""
    project = write_project(tmp_path, {"cn/a.py": FROM + 'class A(CN):\n    _group = "x/y"\n'})
    compiled = compile_tree(load_settings(project))
    assert [(d.code, d.severity) for d in compiled.diagnostics] == [("CN110", Severity.WARNING)]
    assert compiled.text is not None
    assert 'cs.store(group="x/y", name="a", node=A)' in compiled.text


def test_the_sections_of_hydra_are_its_own() -> None:
    """What `hydra = {...}` may hold is what Hydra's config has, without what Hydra fills in itself."""
    fields = {field.name for field in dataclasses.fields(HydraConf)}
    assert {*SECTIONS} == fields - {"defaults", "overrides"}
