"""The modules import each other in one direction, and nothing is imported before it is needed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import CHECKOUT, RUN, environment, run_python, write_project

IMPORTED = """
import json, sys
before = set(sys.modules)
{code}
print(json.dumps(sorted({{name.partition(".")[0] for name in set(sys.modules) - before}})))
"""
VOCABULARY = {"cngen"}
HEAVY = {"hydra", "jinja2", "libcst", "omegaconf"}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of pyproject.toml in `folder` against the package that lies there."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment(PYTHONPATH=str(folder)),
        capture_output=True,
        text=True,
        check=False,
    )


def imported_by(code: str) -> set[str]:
    """The top-level packages that a fresh Python imports for `code`."""
    result = run_python("-c", IMPORTED.format(code=code))
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout.splitlines()[-1]))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its contracts, to break."""
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "cngen", tmp_path / "cngen", ignore=ignored)
    return tmp_path


def test_contracts_hold() -> None:
    result = lint_imports(CHECKOUT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("settings", "import cngen.render"),
        ("resolve", "import libcst"),
        ("lower", "import jinja2"),
        ("write", "import click"),
        ("compiler", "import omegaconf"),
        ("__init__", "import cngen.errors"),
        ("misc", "'a module that nobody placed'"),
    ],
)
def test_a_wrong_import_breaks_a_contract(copy: Path, module: str, line: str) -> None:
    """The contracts can fail, so that their passing means something."""
    with source_of(copy, module).open("a") as file:
        file.write(f"\n{line}\n")

    result = lint_imports(copy)

    assert result.returncode == 1
    assert "BROKEN" in result.stdout, result.stdout + result.stderr


def source_of(folder: Path, module: str) -> Path:
    """The file of a module, which may have grown into a package."""
    single = folder / "cngen" / f"{module}.py"
    package = folder / "cngen" / module / "__init__.py"
    return package if package.exists() else single


def test_the_vocabulary_imports_no_third_party_package() -> None:
    imported = imported_by("import cngen")

    assert imported - sys.stdlib_module_names == VOCABULARY


def test_help_imports_nothing_heavy() -> None:
    """Every command pays for what the command line imports, `--help` and completion too."""
    code = "import cngen.cli\ntry: cngen.cli.main(['--help'])\nexcept SystemExit: pass"

    assert imported_by(code) & HEAVY == set()


@pytest.mark.parametrize("command", ["build", "check"])
def test_the_compiler_never_imports_hydra(tmp_path: Path, command: str) -> None:
    folder = write_project(tmp_path, {"run.py": RUN})
    code = f"import cngen.cli\ntry: cngen.cli.main(['{command}', '-C', {str(folder)!r}])\nexcept SystemExit: pass"

    imported = imported_by(code)

    assert "libcst" in imported
    assert imported & {"hydra", "omegaconf"} == set()
