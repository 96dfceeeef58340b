"""Which version of Hydra the store is for: as said, else as the project pins it."""

from pathlib import Path

import pytest

from cngen.compiler import compile_tree
from cngen.diagnostics import CngenError
from cngen.project.settings import load_settings

ALLOWS_OLD = '[project]\ndependencies = ["hydra-core>=1.3"]\n'

LITERAL = """
from typing import Literal
from cngen import CN

class Run(CN):
    where: Literal["Path", 'say "Any]"'] = "Path"
"""


def hydra_of(folder: Path, text: str) -> str:
    """The version for a project with this pyproject.toml."""
    (folder / "cn").mkdir()
    (folder / "pyproject.toml").write_text(text)
    return load_settings(folder).hydra


@pytest.mark.parametrize(
    ("version", "requirements"),
    [
        ("1.3", []),
        ("1.3", ["numpy>=2.4"]),
        ("1.3", ["hydra-core"]),
        ("1.3", ["hydra-core>=1.3,<1.5"]),
        ("1.3", ["hydra-core<=1.4"]),
        ("1.3", ["hydra-core!=1.4"]),
        ("1.3", ["hydra-core>1.3"]),
        ("1.3", ["hydra-core @ git+https://example.com/hydra@v1.4"]),
        ("1.3", ["hydra-core; python_version >= '3.10'"]),
        ("1.3", ["hydra-core-extra>=1.4"]),
        ("1.4", ["hydra-core>=1.4"]),
        ("1.4", ["Hydra_Core[all] ~= 1.4.0rc3 ; python_version >= '3.10'"]),
        ("1.4", ["hydra-core (==1.4.*)"]),
        ("1.4", ["hydra-core<3,>=2"]),
        ("1.4", ["omegaconf>=2.4.0.dev1"]),
        ("1.4", ["hydra-core", "omegaconf>=2.4"]),
        ("1.4", ["hydra-core>=1.10"]),
        (
            "1.3",
            [
                "hydra-core>=1.3; python_version < '3.12'",
                "hydra-core>=1.4; python_version >= '3.12'",
            ],
        ),
    ],
)
def test_pins_say_the_version(tmp_path: Path, version: str, requirements: list[str]) -> None:
    assert hydra_of(tmp_path, f"[project]\ndependencies = {requirements}\n") == version


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("1.4", '[project.optional-dependencies]\nrun = ["hydra-core>=1.4"]\n'),
        ("1.4", '[dependency-groups]\ndev = ["hydra-core>=1.4", {include-group = "x"}]\nx = []\n'),
        ("1.3", '[dependency-groups]\nold = ["hydra-core<1.4"]\nnew = ["hydra-core>=1.4"]\n'),
        ("1.3", ALLOWS_OLD + '[project.optional-dependencies]\nnew = ["hydra-core>=1.4"]\n'),
        ("1.4", ALLOWS_OLD + '[tool.cngen]\nhydra = "1.4"\n'),
        ("1.3", '[project]\ndependencies = ["hydra-core>=1.4"]\n[tool.cngen]\nhydra = "1.3"\n'),
        ("1.3", "project = 1\ndependency-groups = {a = 1, b = [1]}\n"),
        ("1.3", "[project]\ndependencies = 1\noptional-dependencies = 2\n"),
    ],
)
def test_what_is_installed_first_decides(tmp_path: Path, version: str, text: str) -> None:
    assert hydra_of(tmp_path, text) == version


@pytest.mark.parametrize("value", ['"1.2"', "1.4", "true", "[]"])
def test_other_versions_are_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(CngenError, match="setting `hydra` must be"):
        hydra_of(tmp_path, f"[tool.cngen]\nhydra = {value}\n")


@pytest.mark.parametrize(
    ("hydra", "imported", "annotation"),
    [
        ("1.3", "", "str"),
        ("1.4", "from typing import Literal\n", """Literal["Path", 'say "Any]"']"""),
    ],
)
def test_the_store_imports_what_it_holds(
    tmp_path: Path, hydra: str, imported: str, annotation: str
) -> None:
    """And nothing that stands in the values of a `Literal` alone."""
    hydra_of(tmp_path, f'[tool.cngen]\nhydra = "{hydra}"\n')
    (tmp_path / "cn/run.py").write_text(LITERAL)
    text = compile_tree(load_settings(tmp_path)).text
    assert text is not None
    assert f"where: {annotation} = " in text
    assert f"import dataclass\n{imported}\nfrom hydra" in text
