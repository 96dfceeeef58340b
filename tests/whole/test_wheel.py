"""What is built is what works: the wheel alone, in a clean environment, far from the checkout."""

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from cngen.cli.formats import REVIEWS
from tests.support.project import CHECKOUT, RUN, in_root, write, write_project
from tests.support.scratch_git import start, without_settings

pytestmark = pytest.mark.slow

TREE = {
    "__init__.py": "from cn._generated_store import *\n",
    "optimizer/base.py": (
        "from cngen import CN\n\n\n"
        "class Optimizer(CN, abstract=True):\n    lr: float = 1e-3\n\n\n"
        "class Adam(Optimizer):\n    betas: list[float] = [0.9, 0.99]\n\n\n"
        "class SGD(Optimizer):\n    momentum: float = 0.9\n\n"
        "    def describe(self) -> str:\n        return f'sgd {self.lr}'\n"
    ),
    "run.py": (
        "from cngen import CN\nfrom cn.optimizer.base import Adam, Optimizer\n\n\n"
        "class Run(CN):\n    steps: int = int(5e5)\n    optimizer: Optimizer = Adam(lr=3e-4)\n"
    ),
}
COMPOSE = """
import json
from hydra import compose, initialize
from omegaconf import OmegaConf
import cn

with initialize(version_base="1.3", config_path=None):
    plain = OmegaConf.to_object(compose("run"))
    other = OmegaConf.to_object(compose("run", ["optimizer=sgd", "optimizer.lr=0.5"]))
assert type(plain) is cn.Run and type(plain.optimizer) is cn.Adam
print(json.dumps([plain.steps, plain.optimizer.lr, plain.optimizer.betas, other.optimizer.describe()]))
"""
THIRD_PARTY = """
import sys
before = set(sys.modules)
import cngen
print(cngen.__file__)
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(new - sys.stdlib_module_names))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from the sdist: it lacks nothing either."""
    folder = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(CHECKOUT))
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The bin folder of an environment that holds the wheel and what it asks for, nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    bin_folder = folder / ("Scripts" if os.name == "nt" else "bin")
    call(str(bin_folder / "python"), "-m", "pip", "install", "--quiet", str(wheel), cwd=folder)
    return bin_folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, clean: Path) -> Path:
    """A project that the installed command has built."""
    folder = write_project(tmp_path_factory.mktemp("project"), in_root(TREE))
    call(str(clean / "cngen"), "build", cwd=folder)
    return folder


def call(*command: str, cwd: Path | None = None) -> str:
    """Run a command in `cwd` without this checkout on the path; returns its standard output."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    env = {key: value for key, value in os.environ.items() if key not in hidden}
    result = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=600, check=False
    )
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def test_wheel_holds_the_package_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    folders = {name.partition("/")[0] for name in names}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"cngen"}
    assert "cngen/py.typed" in names
    assert not [name for name in names if "__pycache__" in name]


def test_wheel_holds_every_template(wheel: Path) -> None:
    expected = {
        f"cngen/templates/{path.relative_to(CHECKOUT / 'templates').as_posix()}"
        for path in (CHECKOUT / "templates").rglob("*.jinja*")
    }
    with zipfile.ZipFile(wheel) as archive:
        missing = expected - set(archive.namelist())

    assert expected
    assert not missing


def test_wheel_holds_every_module(wheel: Path) -> None:
    expected = {
        path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "cngen").rglob("*.py")
    }
    with zipfile.ZipFile(wheel) as archive:
        missing = expected - set(archive.namelist())

    assert not missing


def test_sdist_holds_what_the_tests_need(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"pyproject.toml", "Makefile", "tests/support/project.py", "cngen/py.typed"} <= names


def test_installed_command_builds_a_store_that_hydra_composes(project: Path, clean: Path) -> None:
    output = call(str(clean / "python"), "-c", COMPOSE, cwd=project)

    assert json.loads(output) == [500000, 3e-4, [0.9, 0.99], "sgd 0.5"]


def test_installed_command_finds_its_store_up_to_date(project: Path, clean: Path) -> None:
    call(str(clean / "python"), "-m", "cngen", "check", cwd=project)


def test_installed_command_compares_in_every_format(tmp_path: Path, clean: Path) -> None:
    with without_settings():
        start(tmp_path)
        write(tmp_path, {"cn/run.py": RUN.replace("10", "20")})
        for style in REVIEWS:
            output = call(str(clean / "cngen"), "diff", "--format", style, cwd=tmp_path)
            assert "Run.steps" in output


def test_installed_vocabulary_imports_no_third_party_package(project: Path, clean: Path) -> None:
    file, third_party = call(str(clean / "python"), "-c", THIRD_PARTY, cwd=project).splitlines()

    assert not Path(file).is_relative_to(CHECKOUT)
    assert third_party == "['cngen']"
