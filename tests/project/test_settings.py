"""Settings: which version of Hydra the store is for, the search for the root, and how they are shown."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cngen.cli.commands import main
from cngen.cli.settings_text import settings_text
from cngen.compiler import compile_tree
from cngen.diagnostics import CngenError
from cngen.project.settings import Settings, load_settings
from cngen.text.escaping import one_line

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


@given(
    select=st.lists(st.sampled_from(["CN", "CN2", "CN404"]), unique=True),
    ignore=st.lists(st.sampled_from(["CN5", "CN206"]), unique=True),
    patterns=st.dictionaries(
        st.sampled_from(["*.py", "a b/*", 'x"y', "é\u202e"]), st.just(["CN206"])
    ),
    command=st.sampled_from(["python train.py", 'run "it"', "a\tb", "\u200b x"]),
    jobs=st.integers(1, 10**6),
)
def test_shown_settings_have_the_same_effect(
    select: list[str], ignore: list[str], patterns: dict[str, list[str]], command: str, jobs: int
) -> None:
    """What `--show-settings` prints is a table that loads to the settings that it was printed for."""
    loaded = Settings(
        project=Path("x"),
        roots=("cn",),
        output="cn/_generated_store.py",
        select=tuple(select),
        ignore=tuple(ignore),
        per_file_ignores=tuple((p, tuple(c)) for p, c in patterns.items()),
        command=command.strip(),
        max_jobs=jobs,
    )
    text = settings_text(loaded, loaded)

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "cn").mkdir()
        (Path(folder) / "pyproject.toml").write_text(text, encoding="utf-8")
        again = load_settings(Path(folder))

    assert replace(again, project=loaded.project) == loaded
    assert all(one_line(line) == line for line in text.splitlines())


def test_shown_settings_name_where_each_comes_from(tmp_path: Path) -> None:
    (tmp_path / "cn").mkdir()
    (tmp_path / "cn/run.py").write_text("from cngen import CN\n\nclass Run(CN):\n    x: int = 1\n")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["hydra-core>=1.4"]\n[tool.cngen]\nmax-jobs = 5\n'
    )
    flags = ["--show-settings", "--ignore", "CN2", "-C", str(tmp_path)]

    result = CliRunner().invoke(main, ["check", *flags])

    assert result.exit_code == 0
    assert result.output == (
        "[tool.cngen]\n"
        'base = ["cngen.CN"]  # default\n'
        'command = "python train.py"  # default\n'
        'hydra = "1.4"  # from the dependencies in pyproject.toml\n'
        'ignore = ["CN2"]  # command line\n'
        "max-jobs = 5  # pyproject.toml\n"
        'naming = "snake"  # default\n'
        'output = "cn/_generated_store.py"  # below the first root\n'
        "per-file-ignores = {}  # default\n"
        "resolvers = []  # default\n"
        'root = ["cn"]  # the only folder of that name\n'
        'select = ["CN"]  # default\n'
    )
    assert not (tmp_path / "cn/_generated_store.py").exists()


def test_a_search_for_the_root_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cngen.project.settings.MOST_FOLDERS", 3)
    (tmp_path / "a/b/c/d").mkdir(parents=True)

    with pytest.raises(CngenError, match="more than 3 folders"):
        load_settings(tmp_path)


def test_a_pin_of_many_digits_is_no_version(tmp_path: Path) -> None:
    text = f'[project]\ndependencies = ["hydra-core>={"9" * 5000}.1"]\n'

    assert hydra_of(tmp_path, text) in ("1.3", "1.4")
