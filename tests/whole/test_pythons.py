"""What has to be the same on every supported Python: `make pythons` runs this on each of them.

It needs pytest and what cngen itself needs, nothing else.
"""

import json
import shutil
from pathlib import Path

import pytest

from cngen.cli.formats import FORMATS
from cngen.compiler import compile_tree
from cngen.project.files import Worktree
from cngen.project.settings import load_settings
from tests.support.project import (
    CHECKOUT,
    PYPROJECT,
    RUN,
    STORE,
    in_root,
    run_python,
    start_cngen,
    write_project,
)
from tests.support.scratch_git import commit, start, without_settings

pytestmark = pytest.mark.slow

CASES = CHECKOUT / "tests/whole/cases"
NAMES = sorted(folder.name for folder in CASES.iterdir() if (folder / "cn").is_dir())

TREE = {
    "__init__.py": "from cn._generated_store import *\n",
    "opt/base.py": "from cngen import CN, default\n\n\n"
    "class Opt(CN, abstract=True):\n    lr: float = 1e-3\n\n\n"
    "class Adam(Opt):\n    betas: list[float] = [0.9, 0.99]\n",
    "run.py": f"from cn.opt.base import Adam, Opt\n{RUN}    opt: Opt = Adam()\n",
    "exp/steps.py": "from cn.run import Run\nfrom cngen import sweep\n\n\n"
    "class Steps(Run):\n    steps = sweep(1, 2, 3)\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a finding that has a fix, in a repository."""
    folder = write_project(tmp_path / "project", in_root(TREE))
    with without_settings():
        start(folder)
        commit(folder, {})
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_store_is_the_golden_one(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    shutil.copytree(CASES / name / "cn", folder / "cn")
    (folder / "pyproject.toml").write_text(PYPROJECT)
    compiled = compile_tree(load_settings(folder), Worktree(folder))
    assert compiled.text is not None
    golden = CASES / name / "expected" / "_generated_store.py"
    assert compiled.text.encode() == golden.read_bytes()
    (folder / STORE).write_text(compiled.text, encoding="utf-8")
    imported = run_python("-c", f"import cn.{STORE.stem}", cwd=folder)
    assert imported.returncode == 0, imported.stderr


@pytest.mark.parametrize("name", FORMATS)
def test_every_format(name: str, project: Path) -> None:
    told = start_cngen("check", "--format", name, cwd=project)
    assert (told.returncode, bool(told.stdout)) == (1, True), told.stderr


def test_build_and_fixes(project: Path) -> None:
    assert start_cngen("build", cwd=project).returncode == 0
    patch = start_cngen("check", "--diff", cwd=project)
    assert (patch.returncode, "\n+from cngen import CN\n" in patch.stdout) == (1, True), (
        patch.stderr
    )
    start_cngen("check", "--fix", cwd=project)
    source = (project / "cn" / "opt" / "base.py").read_text(encoding="utf-8")
    assert source.startswith("from cngen import CN\n")
    assert start_cngen("build", cwd=project).returncode == 0
    left = start_cngen("check", cwd=project)
    assert (left.returncode, left.stdout) == (0, ""), left.stderr
    imported = run_python("-c", "import cn; cn.Run()", cwd=project)
    assert imported.returncode == 0, imported.stderr


def test_sweep(project: Path) -> None:
    listed = start_cngen("sweep", "--format", "json", cwd=project)
    assert [item["experiment"] for item in json.loads(listed.stdout)] == ["exp/steps"], (
        listed.stderr
    )
    shown = start_cngen("sweep", "exp/steps", cwd=project)
    assert (shown.returncode, "3 jobs" in shown.stdout) == (0, True), shown.stderr


def test_diff(project: Path) -> None:
    path = project / "cn" / "run.py"
    path.write_text(path.read_text().replace("steps: int = 10", "steps: int = 11"))
    changed = start_cngen("diff", cwd=project)
    assert (changed.returncode, "steps" in changed.stdout) == (0, True), changed.stderr


def test_rules(project: Path) -> None:
    listed = start_cngen("rule", cwd=project)
    assert (listed.returncode, "CN204" in listed.stdout) == (0, True), listed.stderr
    assert "CN204" in start_cngen("rule", "CN204", cwd=project).stdout
