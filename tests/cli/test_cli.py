"""The commands as a user runs them: exit statuses, streams, settings."""

from pathlib import Path

import pytest

from tests.support.project import RUN, run_cngen, start_cngen

WRONG = "from cngen import CN\n\n\nclass Run(CN):\n    steps: int = 1e6\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The smallest project without any configuration: its one folder `cn` is the root."""
    (tmp_path / "cn").mkdir()
    (tmp_path / "cn/run.py").write_text(RUN)
    return tmp_path


def test_build_then_check(project: Path) -> None:
    """Build writes once; check agrees, until the store or the sources change."""
    assert "written" in run_cngen("build", cwd=project).stderr
    assert "up to date" in run_cngen("build", cwd=project).stderr
    clean = run_cngen("check", cwd=project)
    assert (clean.returncode, clean.stdout) == (0, "")

    (project / "cn/run.py").write_text(RUN.replace("10", "20"))
    stale = run_cngen("check", cwd=project)
    assert stale.returncode == 1
    assert stale.stdout.startswith("cn/_generated_store.py:1:1: error[CN701] ")
    assert "is out of date: `Run.steps` is 20, the store has 10\n" in stale.stdout
    assert "hint: run `cngen build`; `cngen check --diff` shows the lines\n" in stale.stdout
    assert stale.stderr == "1 error\n"


def test_check_shows_a_missing_store_and_writes_nothing(project: Path) -> None:
    result = run_cngen("check", cwd=project)
    assert result.returncode == 1
    assert "error[CN701] `cn/_generated_store.py` is missing\n" in result.stdout
    assert "hint: run `cngen build`\n" in result.stdout
    assert "--- /dev/null" in run_cngen("check", "--diff", cwd=project).stdout
    assert not (project / "cn/_generated_store.py").exists()


def test_errors_write_nothing(project: Path) -> None:
    """The old store stays; findings go to stdout, the count to stderr."""
    run_cngen("build", cwd=project)
    before = (project / "cn/_generated_store.py").read_text()
    (project / "cn/run.py").write_text(WRONG)
    for command in ("build", "check"):
        result = run_cngen(command, cwd=project)
        assert result.returncode == 1
        assert result.stdout.startswith(
            "cn/run.py:5:18: error[CN203] `Run.steps` expects `int`, got "
        )
        assert "hint: write `1_000_000`" in result.stdout
        assert "1 error" in result.stderr
    assert (project / "cn/_generated_store.py").read_text() == before


def test_a_warning_leaves_the_store(project: Path) -> None:
    """Build tells it and writes; for check it is a finding like any other."""
    (project / "cn/run.py").write_text(WRONG.replace("int = 1e6", "int | str = 1"))
    built = run_cngen("build", cwd=project)
    assert built.returncode == 0
    assert built.stdout.startswith("cn/run.py:5:5: warning[CN206] ")
    assert "  5 |     steps: int | str = 1\n    |     ^" in built.stdout
    assert "written" in built.stderr
    checked = run_cngen("check", cwd=project)
    assert (checked.returncode, checked.stdout) == (1, built.stdout)
    assert checked.stderr == "1 warning\n"


def test_places_lead_from_where_the_command_runs(project: Path, tmp_path: Path) -> None:
    (project / "cn/run.py").write_text(WRONG)
    (project / "pyproject.toml").write_text("")
    inside = run_cngen("build", cwd=project / "cn")
    assert inside.stdout.startswith("run.py:5:18: ")
    outside = run_cngen("build", "-C", str(project), cwd=Path("/"))
    assert outside.stdout.startswith(str(project).lstrip("/"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('[tool.cngen]\nroot = "nowhere"\n', "the root folder `nowhere` doesn't exist"),
        (
            '[tool.cngen]\nrot = "cn"\n',
            "unknown setting `rot` in [tool.cngen]: did you mean `root`?",
        ),
        ('[tool.cngen]\nnaming = "kebab"\n', "setting `naming` must be one of snake, lower"),
        ("[tool.cngen]\nroot = 3\n", "setting `root` must be a string or a list of strings"),
        ('[tool.cngen]\nroot = "../cn"\n', "must be inside the project"),
        ('[tool.cngen]\noutput = "store.txt"\n', "must name a .py file"),
        ("[tool.cngen\n", "can't read pyproject.toml"),
    ],
)
def test_settings_that_stop_the_run(project: Path, settings: str, message: str) -> None:
    """Status 2 and one line."""
    (project / "pyproject.toml").write_text(settings)
    result = run_cngen("build", cwd=project)
    assert result.returncode == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_no_root_and_several(tmp_path: Path) -> None:
    result = run_cngen("build", cwd=tmp_path)
    assert (result.returncode, "no folder named `cn`" in result.stderr) == (2, True)
    for folder in ("a/cn", "b/cn"):
        (tmp_path / folder).mkdir(parents=True)
    result = run_cngen("build", cwd=tmp_path)
    assert (result.returncode, "(a/cn, b/cn)" in result.stderr) == (2, True)


def test_unreadable_file(project: Path) -> None:
    """A link that leads nowhere can't be read, whoever runs this."""
    (project / "cn/gone.py").symlink_to(project / "nowhere.py")
    result = run_cngen("build", cwd=project)
    assert result.returncode == 2
    assert "can't read `cn/gone.py`" in result.stderr


def test_settings_are_used(tmp_path: Path) -> None:
    """Several roots, an output elsewhere, a base of the project's own, names in lower case."""
    files = {
        "pyproject.toml": '[tool.cngen]\nroot = ["one/cn", "two"]\noutput = "store.py"\n'
        'base = "config.node.Base"\nnaming = "lower"\n',
        "config/node.py": "class Base: ...\ndef default(value): return value\n",
        "one/cn/run.py": "from config.node import Base, default\nfrom two.model.base import BigMlp, Model\n"
        "class Run(Base):\n    model: Model = default(BigMlp)\n    size: list[int] = default([1])\n",
        "two/model/base.py": "import config.node\nclass Model(config.node.Base): ...\n"
        "class BigMlp(Model):\n    width: int = 3\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    result = run_cngen("build", cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    store = (tmp_path / "store.py").read_text()
    assert 'cs.store(group="model", name="bigmlp", node=BigMlp)' in store
    assert 'cs.store(name="run", node=_node(Run, ["_self_", {"model": "bigmlp"}]))' in store
    assert "size: list[int] = field(default_factory=lambda: [1])" in store


def test_help_has_examples() -> None:
    """And a process ends with the status of its command."""
    result = start_cngen("--help")
    assert result.returncode == 0
    assert "cngen check" in result.stdout
    assert start_cngen("bild").returncode == 2
