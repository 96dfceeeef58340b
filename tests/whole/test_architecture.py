"""The modules import each other in one direction, and nothing is imported before it is needed."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import CHECKOUT, RUN, environment, run_python, write_project

pytestmark = pytest.mark.slow

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


def test_contracts_hold() -> None:
    result = lint_imports(CHECKOUT)

    assert result.returncode == 0, result.stdout + result.stderr


WRONG = {
    "project/files.py": ("cngen.store.render", "departments know those below them"),
    "lint/check.py": ("cngen.store.reader", "departments know those below them"),
    "reading/kinds.py": ("cngen.hydra.fitting", "departments know those below them"),
    "text/quoting.py": (
        "cngen.text.circle",
        "the modules of a department import each other without circles",
    ),
    "lint/rules/field_without_options.py": (
        "cngen.lint.rules.class_as_value",
        "no rule knows another",
    ),
    "reading/resolve.py": ("libcst", "only the scanner knows libcst"),
    "store/lower.py": ("jinja2", "only render knows jinja2"),
    "project/writing.py": ("click", "only the commands know click"),
    "cli/check.py": ("rich", "only the tables of jobs know rich"),
    "compiler.py": (
        "omegaconf",
        "only the rule on interpolations knows OmegaConf, for its grammar",
    ),
    "compose/sweeps.py": ("hydra", "the compiler never runs Hydra"),
    "__init__.py": ("cngen.diagnostics", "import cngen imports nothing of the compiler"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter prints about a copy of the package with every wrong import, and a module that nobody placed."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copy(CHECKOUT / "pyproject.toml", folder)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "cngen", folder / "cngen", ignore=ignored)
    for path, (module, _) in WRONG.items():
        with (folder / "cngen" / path).open("a") as file:
            file.write(f"\nimport {module}\n")
    (folder / "cngen/text/circle.py").write_text("import cngen.text.quoting\n")
    (folder / "cngen/misc.py").touch()
    return lint_imports(folder).stdout


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_import_breaks_its_contract(broken: str, path: str) -> None:
    """The contracts can fail, so that their passing means something."""
    module, contract = WRONG[path]
    _, _, details = broken.partition("Broken contracts")
    importer = ".".join(("cngen", *path.removesuffix(".py").split("/"))).removesuffix(".__init__")

    assert f"{contract} BROKEN" in broken
    assert importer.rpartition(".")[2] in details
    assert module.rpartition(".")[2] in details


def test_a_module_that_nobody_placed_breaks_the_contract(broken: str) -> None:
    assert "misc" in broken.partition("Broken contracts")[2]


PAGE = (CHECKOUT / "docs/architecture.md").read_text()


def test_the_architecture_page_names_files_that_exist() -> None:
    named = set(re.findall(r"`(cngen/[\w/.]*)`", PAGE))

    assert len(named) > 30
    assert {path for path in named if not (CHECKOUT / path).exists()} == set()


def test_the_architecture_page_has_every_department() -> None:
    tree = re.search(r"```\n(cngen/\n.*?)```", PAGE, re.DOTALL)
    assert tree is not None
    named = {line.split()[0].rstrip("/") for line in tree[1].splitlines()[1:]}
    there = {p.name for p in (CHECKOUT / "cngen").glob("*.py")}
    there |= {p.parent.name for p in (CHECKOUT / "cngen").glob("*/__init__.py")}

    assert named == there


def test_the_vocabulary_imports_no_third_party_package() -> None:
    imported = imported_by("import cngen")

    assert imported - sys.stdlib_module_names == VOCABULARY


def test_help_imports_nothing_heavy() -> None:
    """Every command pays for what the command line imports, `--help` and completion too."""
    code = "import cngen.cli\ntry: cngen.cli.main(['--help'])\nexcept SystemExit: pass"

    assert imported_by(code) & HEAVY == set()


@pytest.mark.parametrize("command", ["build", "check"])
def test_the_compiler_never_imports_hydra(tmp_path: Path, command: str) -> None:
    folder = write_project(tmp_path, {"cn/run.py": RUN})
    code = f"import cngen.cli\ntry: cngen.cli.main(['{command}', '-C', {str(folder)!r}])\nexcept SystemExit: pass"

    imported = imported_by(code)

    assert "libcst" in imported
    assert imported & {"hydra", "omegaconf"} == set()
