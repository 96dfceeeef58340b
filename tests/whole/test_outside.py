"""What comes from outside stays text and stays where it is: names, settings, files, links, edits."""

import ast
import json
import os
import socket
import stat
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest

from cngen.cli.formats import FORMATS, REVIEWS
from cngen.compiler import compile_tree
from cngen.diagnostics import Severity
from cngen.diff.changes import Change, Comparison, Impact, Location
from cngen.diff.formats import reviewed
from cngen.lint.findings import Finding, findings
from cngen.lint.formats import formatted
from cngen.project.settings import load_settings
from cngen.project.writing import _beside, write_sources
from cngen.text.escaping import is_plain, one_line
from tests.support.printed import plain
from tests.support.project import (
    RUN,
    STORE,
    Ran,
    environment,
    in_root,
    run_cngen,
    run_python,
    write_project,
)
from tests.support.scratch_git import start, without_settings

pytestmark = pytest.mark.slow

ODD = (
    "\x1b]0;x\x07\r\n::error::x\t\x9b31m\u202e\u2066\u200b\u2028\ufeff\ud800\udcff\uffff\U000e0041"
)
"""What terminals obey, what turns text, what begins a command in a log, and what isn't text."""


def is_shown(text: str) -> bool:
    """Whether a log only shows a text: its lines are what it says, and nothing in them is obeyed."""
    lines = text.split("\n")
    obeyed = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return not any(category(c) in obeyed for line in lines for c in line) and not any(
        line.lstrip().startswith("::") for line in lines
    )


# What is printed


@pytest.mark.parametrize("text", ["", "a b", "caf\xe9 \u4f60 \U0001fae8", "a::b", "C:\\x", "# #[x"])
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    assert one_line(text) == text
    assert is_plain(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\n\tb", "a\\r\\n\\tb"),
        ("\x85\x9b\x7f", "\\x85\\x9b\\x7f"),
        ("\u202e\u200d\u2028\xa0\xad", "\\u202e\\u200d\\u2028\\xa0\\xad"),
        ("\ud800\udcff", "\\ud800\\udcff"),
        ("\U000e0041\ufffe", "\\U000e0041\\ufffe"),
        ("::error::x", "\\x3a:error::x"),
        ("  ::error::x", "  \\x3a:error::x"),
        ("a ##[error]x ##vso[task]", "a #\\x23[error]x #\\x23vso[task]"),
    ],
)
def test_what_is_obeyed_is_escaped(text: str, shown: str) -> None:
    assert one_line(text) == shown
    assert one_line(shown) == shown


@pytest.mark.parametrize("style", FORMATS)
def test_no_format_of_findings_prints_what_is_obeyed(style: str) -> None:
    finding = Finding(
        path=f"::error::{ODD}.py",
        line=1,
        column=1,
        end_line=1,
        end_column=3,
        code="CN204",
        rule="unknown-argument",
        severity=Severity.ERROR,
        message=one_line(ODD),
        hint=one_line(ODD),
        source=ODD,
        fix=None,
    )

    lines = formatted(style, [finding], plain).rstrip("\n").split("\n")

    if style == "github":  # a command of its own
        assert len(lines) == 1 and lines[0].startswith("::error file=")
        lines[0] = lines[0].removeprefix("::")
    assert is_shown("\n".join(lines))


@pytest.mark.parametrize("style", REVIEWS)
def test_no_format_of_changes_prints_what_is_obeyed(style: str) -> None:
    location = Location(f"::error::{ODD}.py", 1, 1, False)
    change = Change(
        kind="field",
        subject=ODD,
        impact=Impact.BREAKING,
        message=f"{ODD}: changed",
        old=ODD,
        new=ODD,
        location=location,
    )
    comparison = Comparison(ODD, ODD, (change,), (ODD,), (f"::error::{ODD}",))

    text = reviewed(style, comparison, plain, None).rstrip("\n")

    if style == "github":
        lines = text.split("\n")
        assert [line.split(" ")[0] for line in lines] == ["::error", "::notice"]
        text = "\n".join(line.removeprefix("::") for line in lines)
    assert is_shown(text)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--select", ODD),
        ("check", "--per-file-ignores", ODD),
        ("check", "--baseline", ODD),
        ("check", "--baseline", f"../{ODD}"),
        ("check", "--format", ODD),
        ("check", f"--{ODD}"),
        ("check", ODD),
        ("check", "-C", ODD),
        ("rule", ODD),
        ("sweep", ODD),
        ("diff", ODD),
        ("diff", f"HEAD:{ODD}"),
        ("diff", f"{ODD}...HEAD"),
        ("diff", "one", "two", ODD),
        (ODD,),
    ],
    ids=lambda arguments: " ".join(arguments).replace(ODD, "ODD"),
)
def test_words_of_a_command_line_are_shown(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write_project(tmp_path, {"cn/run.py": RUN})
    given = [a.replace("\ud800", "").encode("utf-8", "surrogateescape") for a in arguments]
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)

    result = subprocess.run(
        [sys.executable, "-m", "cngen", *given],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
    )

    assert result.returncode == 2, result.stderr
    assert is_shown(result.stderr.decode().removesuffix("\n"))
    assert result.stdout == b""


def test_names_in_settings_are_shown(tmp_path: Path) -> None:
    write_project(tmp_path, {"cn/run.py": RUN})
    odd = '"s/\\u001b[31m\\n::error::\\u202e.py"'
    (tmp_path / "pyproject.toml").write_text(f'[tool.cngen]\nroot = "cn"\noutput = {odd}\n')
    (tmp_path / "s").mkdir()

    for words in (("build",), ("build",), ("check",), ("check", "--diff")):
        result = run_cngen(*words, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert is_shown((result.stdout + result.stderr).removesuffix("\n"))


def test_a_patch_quotes_names_as_git_does(tmp_path: Path) -> None:
    """So that it stays a patch, and git finds the files."""
    source = RUN.replace("import CN", "import CN, sweep")
    write_project(tmp_path, {'cn/a\n+\x1b\\"\u00e9\u202e.py': source})

    patch = run_cngen("check", "--diff", cwd=tmp_path).stdout
    (tmp_path / "patch").write_text(patch)

    assert is_shown(patch)
    subprocess.run(["git", "apply", "patch"], cwd=tmp_path, check=True)
    assert "CN008" not in run_cngen("check", cwd=tmp_path).stdout
    assert (tmp_path / STORE).exists()
    assert "sweep" not in next((tmp_path / "cn").glob("a*.py")).read_text()


# What becomes code

EVIL = 'run import os; os.system("touch marker") #.py'
ENUM = "from enum import Enum\n\nfrom cngen import CN\n\n\nclass Mode(Enum):\n    A = 1\n\n\n"
WITH_ENUM = ENUM + "class Odd(CN):\n    mode: Mode = Mode.A\n"
WITH_METHOD = (
    "from cngen import CN\n\n\nclass Odd(CN):\n    x: int = 1\n\n    def f(self): return 1\n"
)
WITH_CALL = (
    "from cngen import CN\n\n\ndef f(): return 1\n\n\nclass Odd(CN):\n"
    "    x: int = f()  # cngen: ignore[CN207]\n"
)
NAMES = [
    EVIL,
    "x-y.py",
    "2nd.py",
    "class.py",
    "None.py",
    "a b.py",
    "a.b.py",
    "a\nb.py",
    "a\rb.py",
    "a\x0cb.py",
    "x\nimport os; os.system('touch marker')\n#.py",
    '"""\nimport os; os.system("touch marker")\n""".py',
    "\ufb01.py",
    "class/x.py",
    "my-dir/x.py",
    "a.b/x.py",
    "a\nb/x.py",
]


KNOWN = {"dataclasses", "hydra.core.config_store"}


def imported(store: str) -> set[str]:
    """The modules that a store imports. Nothing else in it runs but what registers configs."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        body = ast.parse(store).body
    calls = [
        s.value.func for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)
    ]
    assert {ast.unparse(call) for call in calls} == {"cs.store"}
    return {
        str(getattr(s, "module", None)) for s in body if isinstance(s, ast.Import | ast.ImportFrom)
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_text_in_the_store(tmp_path: Path, name: str) -> None:
    """Where the store imports nothing from it; a folder has to be a config group anyway."""
    node = RUN.replace("Run", "Odd").replace("(CN)", '(CN, group="odd")')
    folder = write_project(tmp_path, {f"cn/{name}": node, "cn/main.py": RUN})

    result = run_cngen("build", cwd=folder)

    assert result.returncode == 0, result.stdout
    assert imported((folder / STORE).read_text()) == KNOWN


@pytest.mark.parametrize("source", [WITH_ENUM, WITH_METHOD, WITH_CALL])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_imported_from_what_is_no_module(tmp_path: Path, name: str, source: str) -> None:
    odd = source.replace("Odd(CN)", 'Odd(CN, group="odd")')
    folder = write_project(tmp_path, {f"cn/{name}": odd, "cn/main.py": RUN})

    result = run_cngen("build", cwd=folder)

    assert result.returncode == 1, result.stderr
    assert "error[CN119]" in result.stdout
    assert not (folder / STORE).exists()


@pytest.mark.parametrize(
    "root",
    ['a"""b', "a\\", '"', "a\nimport os\n", 'x"""\nimport os; os.system("touch marker")\n"""'],
)
def test_a_root_of_any_name_is_text_in_the_store(tmp_path: Path, root: str) -> None:
    (tmp_path / root).mkdir(parents=True)
    (tmp_path / root / "run.py").write_text(RUN)
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.cngen]\nroot = {json.dumps(root)}\noutput = "store.py"\n'
    )

    assert run_cngen("build", cwd=tmp_path).returncode == 0
    assert run_cngen("check", cwd=tmp_path).returncode == 0
    assert imported((tmp_path / "store.py").read_text()) == KNOWN


# What is written over

SETUP = "from setuptools import setup\n\nsetup()\n"


@pytest.mark.parametrize("content", [SETUP, "# Generated by cngen: not at all\n", "\0", "x" * 5000])
def test_a_file_that_is_no_store_is_kept(tmp_path: Path, content: str) -> None:
    write_project(tmp_path, {"cn/run.py": RUN})
    (tmp_path / "pyproject.toml").write_text('[tool.cngen]\nroot = "cn"\noutput = "setup.py"\n')
    (tmp_path / "setup.py").write_text(content)

    built = run_cngen("build", cwd=tmp_path)
    checked = run_cngen("check", cwd=tmp_path)
    shown = run_cngen("check", "--diff", cwd=tmp_path)

    line = (
        "`setup.py` is not a store generated by cngen: remove it, or set `output` in [tool.cngen]"
    )
    for result in (built, shown):
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr.startswith(f"cngen: error: {line}")
        assert result.stderr.count("\n") == 1
    assert checked.returncode == 1
    assert "error[CN701] `setup.py` is not a store generated by cngen\n" in checked.stdout
    assert (tmp_path / "setup.py").read_text() == content


@pytest.mark.parametrize("output", ["cn/run.py", "cn/deep/part.py"])
def test_a_source_is_no_store(tmp_path: Path, output: str) -> None:
    sources = {"run.py": RUN, "deep/part.py": RUN.replace("Run", "Part")}
    write_project(tmp_path, in_root(sources))
    (tmp_path / "pyproject.toml").write_text(f'[tool.cngen]\nroot = "cn"\noutput = "{output}"\n')

    assert run_cngen("build", cwd=tmp_path).returncode == 2
    assert {n: (tmp_path / "cn" / n).read_text() for n in sources} == sources


NO_BASELINES = {
    "empty": "",
    "other JSON": '{"name": "app"}',
    "more in it": '{"findings": [], "name": "app"}',
    "deeply nested": "[" * 100_000,
    "nested findings": '{"findings": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "infinite": '{"findings": [{"file": "f", "code": "CN1", "message": "m", "times": 1e999}]}',
    "not a number": '{"findings": [{"file": "f", "code": "CN1", "message": "m", "times": NaN}]}',
    "many digits": '{"findings": [{"file": "f", "code": "C", "message": "m", "times": %s}]}'
    % ("9" * 5000),
    "a fraction": '{"findings": [{"file": "f", "code": "CN1", "message": "m", "times": 1.5}]}',
    "a truth": '{"findings": [{"file": "f", "code": "CN1", "message": "m", "times": true}]}',
    "a text": '{"findings": [{"file": "f", "code": "CN1", "message": "m", "times": "1"}]}',
    "other texts": '{"findings": [{"file": 1, "code": [], "message": {}, "times": 1}]}',
    "one key more": '{"findings": [{"file": "", "code": "", "message": "", "times": 1, "x": 1}]}',
    "a string": '"findings"',
    "a list": '["findings"]',
}


@pytest.mark.parametrize("name", NO_BASELINES)
@pytest.mark.parametrize("flags", [(), ("--update-baseline",)])
def test_a_file_that_is_no_baseline_is_kept(
    tmp_path: Path, name: str, flags: tuple[str, ...]
) -> None:
    write_project(tmp_path, {"cn/run.py": RUN})
    (tmp_path / "known.json").write_text(NO_BASELINES[name])

    result = run_cngen("check", "--baseline", "known.json", *flags, cwd=tmp_path)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "cngen: error: `known.json` is not a baseline file: name another file, or remove it and"
        " run `--update-baseline`\n"
    )
    assert (tmp_path / "known.json").read_text() == NO_BASELINES[name]


def test_a_baseline_holds_halves_of_characters(tmp_path: Path) -> None:
    """And what else is hidden, as escapes: a reviewer reads the file."""
    write_project(tmp_path, {"cn/run.py": RUN})
    odd = '{"file": "f", "code": "CN206", "message": "\\ud800\\u202e\\u009b", "times": 1}'
    (tmp_path / "known.json").write_text(f'{{"findings": [{odd}]}}')
    words = ("check", "--ignore", "CN2", "--baseline", "known.json", "--update-baseline")

    for _ in range(2):
        result = run_cngen(*words, cwd=tmp_path)
        assert "known.json: 1 finding\n" in result.stderr
        assert odd in (tmp_path / "known.json").read_text()


# Settings

DEEP = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * DEEP + "]" * DEEP,
        "x = " + "{a=" * DEEP,
        "[tool.cngen]\nroot = " + "[" * DEEP,
        "x = " + "9" * 5000,
        '[tool.cngen]\noutput = "a\\u0000.py"',
        '[tool.cngen]\nroot = "\\u0000"',
        '[tool.cngen]\nbaseline = "a\\u0000"',
        '[tool.cngen]\noutput = "../x.py"',
        '[tool.cngen]\noutput = ".git/hooks/x.py"',
        '[tool.cngen]\noutput = "cn/.GIT/x.py"',
        '[tool.cngen]\nroot = ".git"',
        f'[tool.cngen]\noutput = "{"x" * 300}.py"',
        f'[tool.cngen]\nroot = "{"x" * 300}"',
        f'[tool.cngen]\nroot = "{"x/" * 5000}"',
    ],
    ids=lambda text: text[:30],
)
def test_settings_that_nothing_can_be_done_with(tmp_path: Path, text: str) -> None:
    write_project(tmp_path, {"cn/run.py": RUN})
    (tmp_path / ".git/hooks").mkdir(parents=True)
    (tmp_path / "cn/.GIT").mkdir()
    (tmp_path / "pyproject.toml").write_text(text + "\n")

    for words in (("build",), ("check",)):
        result = run_cngen(*words, cwd=tmp_path)
        assert (result.returncode, result.stdout) == (2, ""), result.stderr
        assert result.stderr.startswith("cngen: error: ")
        assert result.stderr.count("\n") == 1
    assert sorted(p.name for p in tmp_path.rglob("*.py")) == ["run.py"]


# Links, and what is no file

SECRET = "TOP_SECRET = 'no line of this is shown'\n"
COMMANDS = (
    ("build",),
    ("check",),
    ("check", "--fix"),
    ("check", "--diff"),
    ("check", "--add-ignores"),
    ("check", "--format", "full", "--statistics"),
    ("sweep",),
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project beside what isn't its own."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.py").write_text(SECRET)
    (tmp_path / "outside/cn").mkdir()
    (tmp_path / "outside/cn/run.py").write_text(SECRET + RUN)
    return write_project(tmp_path / "project", {"cn/run.py": RUN})


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("absolute", [True, False])
def test_a_source_outside_is_not_read(
    project: Path, command: tuple[str, ...], absolute: bool
) -> None:
    outside = project.parent / "outside"
    (project / "cn/odd.py").symlink_to(
        outside / "secret.py" if absolute else "../../outside/secret.py"
    )
    before = contents(project.parent)

    result = run_cngen(*command, cwd=project)

    assert result == (2, "", "cngen: error: `cn/odd.py` is a link out of the project\n")
    assert contents(project.parent) == before


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_root_outside_is_not_read(project: Path, command: tuple[str, ...]) -> None:
    (project / "cn/run.py").unlink()
    (project / "cn").rmdir()
    (project / "cn").symlink_to("../outside/cn")

    result = run_cngen(*command, cwd=project)

    message = "cngen: error: the root folder `cn` is a link out of the project\n"
    assert result == (2, "", message)


def test_settings_outside_are_not_read(project: Path) -> None:
    (project / "pyproject.toml").unlink()
    (project / "pyproject.toml").symlink_to("../outside/secret.py")

    result = run_cngen("build", cwd=project)

    message = "cngen: error: `pyproject.toml` is a link out of the project\n"
    assert result == (2, "", message)


def test_a_module_outside_is_as_if_it_were_not_there(project: Path) -> None:
    """It is no source; the names that it would have given are looked for in vain."""
    (project / "helpers.py").symlink_to("../outside/secret.py")
    source = f"from helpers import TOP_SECRET\n{RUN}    word: str = TOP_SECRET\n"
    (project / "cn/run.py").write_text(source)

    result = run_cngen("check", cwd=project)

    assert result.returncode == 1
    assert "no line of this" not in result.stdout + result.stderr


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("what", ["store", "folder"])
def test_nothing_is_written_outside(project: Path, exists: bool, what: str) -> None:
    (project / "pyproject.toml").write_text(
        '[tool.cngen]\nroot = "cn"\noutput = "gen/store.py"\nbaseline = "gen/known.json"\n'
    )
    outside = project.parent / "outside"
    if exists:
        (outside / "store.py").write_text('"""x\n\nGenerated by cngen: x\n"""\n')
        (outside / "known.json").write_text('{"findings": []}')
    if what == "folder":
        (project / "gen").symlink_to(outside, target_is_directory=True)
    else:
        (project / "gen").mkdir()
        (project / "gen/store.py").symlink_to(outside / "store.py")
        (project / "gen/known.json").symlink_to(outside / "known.json")
    before = contents(project.parent)

    for words in (("build",), ("check", "--update-baseline"), ("check",)):
        result = run_cngen(*words, cwd=project)
        assert (result.returncode, result.stdout) == (2, "")
        assert "is a link out of the project" in result.stderr
        assert result.stderr.count("\n") == 1
    assert contents(project.parent) == before


def test_links_within_the_repository_are_followed(tmp_path: Path) -> None:
    """Though they leave the project; but not into what git keeps for itself."""
    (tmp_path / ".git").mkdir()
    project = write_project(tmp_path / "app", {"cn/run.py": RUN})
    (tmp_path / "shared.py").write_text(RUN.replace("Run", "Shared"))
    (project / "cn/shared.py").symlink_to("../../shared.py")
    (project / STORE).symlink_to("../../store.py")

    assert run_cngen("build", cwd=project).returncode == 0
    assert (project / STORE).is_symlink()
    assert "class Shared:" in (tmp_path / "store.py").read_text()
    assert run_cngen("check", cwd=project) == (0, "", "")

    (tmp_path / ".git/config").write_text(SECRET)
    for name in ("cn/config.py", "cn/_generated_store.py"):
        (project / name).unlink(missing_ok=True)
        (project / name).symlink_to(tmp_path / ".git/config")
        result = run_cngen("build", cwd=project)
        assert (result.returncode, result.stdout) == (2, "")
        assert "is inside the folder of git itself" in result.stderr
        (project / name).unlink()


def test_a_source_that_two_links_lead_to_is_fixed_once(project: Path) -> None:
    (project / "shared.py").write_text("from cngen import patch\nLR = 0.1\n")
    for name in ("a.py", "b.py"):
        (project / "cn" / name).symlink_to("../shared.py")

    run_cngen("check", "--fix", cwd=project)

    assert (project / "shared.py").read_text() == "LR = 0.1\n"
    assert (project / "cn/a.py").is_symlink()
    assert run_cngen("build", cwd=project).returncode == 0


def test_a_hard_link_is_not_written_through(project: Path) -> None:
    outside = project.parent / "outside/store.py"
    assert run_cngen("build", cwd=project).returncode == 0
    os.link(project / STORE, outside)
    source = project.parent / "outside/run.py"
    (project / "cn/run.py").write_text("from cngen import patch\n" + RUN)
    os.link(project / "cn/run.py", source)
    before = contents(project.parent / "outside")

    assert run_cngen("check", "--fix", cwd=project).returncode == 0
    (project / "cn/run.py").write_text(RUN.replace("10", "20"))
    assert run_cngen("build", cwd=project).returncode == 0

    assert contents(project.parent / "outside") == before
    assert "20" in (project / STORE).read_text()


def make_odd(path: Path, kind: str) -> None:
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            os.chdir(path.parent)  # names of sockets are short
            made.bind(path.name)
    elif kind == "device":
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero
        except PermissionError:
            pytest.skip("only root makes devices")
    elif kind == "large":
        with path.open("wb") as file:
            file.truncate(1 << 40)


@pytest.mark.parametrize("kind", ["pipe", "folder", "socket", "device", "large"])
@pytest.mark.parametrize(
    "name", ["cn/odd.py", "cn/_generated_store.py", "known.json", "pyproject.toml", "helpers.py"]
)
def test_what_is_no_file_is_neither_read_nor_replaced(
    project: Path, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    (project / "cn/run.py").write_text(f"from helpers import x\n{RUN}    y: int = x\n")
    make_odd(project / name, kind)
    before = (project / name).lstat()

    for words in (("build",), ("check",), ("check", "--fix"), ("check", "--update-baseline")):
        baseline = ("--baseline", "known.json") if words[0] == "check" else ()
        result = run_cngen(*words, *baseline, cwd=project)
        assert result.returncode in (0, 1, 2)
        errors = [e for e in result.stderr.splitlines() if e.startswith("cngen: error: ")]
        assert len(errors) == (result.returncode == 2)
    after = (project / name).lstat()
    assert (after.st_ino, after.st_mode, after.st_size) == (
        before.st_ino,
        before.st_mode,
        before.st_size,
    )


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/full"])
def test_no_device_is_replaced(project: Path, device: str) -> None:
    (project / STORE).symlink_to(device)
    before = Path(device).stat()

    assert run_cngen("build", cwd=project).returncode == 2
    assert Path(device).stat().st_rdev == before.st_rdev


# Edits, and runs that are killed

UNUSED = RUN.replace("import CN", "import CN, sweep")


@pytest.mark.parametrize("flag", ["--fix", "--add-ignores"])
@pytest.mark.parametrize("edit", ["edited", "removed"])
def test_an_edit_that_nobody_read_is_kept(
    project: Path, flag: str, edit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made between the reading of a source and its writing; other sources are written."""
    write_project(project, {"cn/run.py": UNUSED, "cn/b.py": UNUSED.replace("Run", "B")})
    assert run_cngen("build", cwd=project).returncode == 0
    mine = UNUSED.replace("10", "20")

    def edited_before(*arguments: Any) -> tuple[str, ...]:
        (project / "cn/run.py").unlink()
        if edit == "edited":
            (project / "cn/run.py").write_text(mine)
        return write_sources(*arguments)

    monkeypatch.setattr("cngen.cli.check.write_sources", edited_before)

    result = run_cngen("check", flag, cwd=project)

    assert result.returncode == 2
    assert (
        "`cn/run.py` changed while cngen ran and was not written: run cngen again" in result.stderr
    )
    assert (project / "cn/run.py").exists() == (edit == "edited")
    assert edit == "removed" or (project / "cn/run.py").read_text() == mine
    assert (project / "cn/b.py").read_text() != UNUSED.replace("Run", "B")


KILLED = """
import os, runpy, signal, sys
def hook(event, arguments):
    if event == "os.rename":
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
sys.argv = ["cngen", *sys.argv[1:]]
runpy.run_module("cngen", run_name="__main__")
"""
"""Runs the command, killed just before a new file takes the place of an old one."""


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".*"))


@pytest.mark.parametrize("words", [("build",), ("check", "--fix")], ids=" ".join)
def test_what_a_killed_run_leaves_is_removed_by_the_next(
    project: Path, words: tuple[str, ...]
) -> None:
    """And nothing else, whatever it is called."""
    write_project(project, {"cn/run.py": UNUSED})
    others = [".run.py.tmp", "._generated_store.py.x.tmp", ".a.cngen-abc.tmp", ".b.cngen-12345678"]
    for name in others:
        (project / "cn" / name).write_text("somebody's")
    (project / "cn/.d.cngen-abcdefgh.tmp").mkdir()
    (project / "cn/.l.cngen-abcdefgh.tmp").symlink_to("run.py")
    before = hidden(project)

    run_python("-c", KILLED, *words, cwd=project)
    assert len(hidden(project)) == len(before) + 1
    run_cngen("check", cwd=project)
    assert len(hidden(project)) == len(before) + 1  # it writes nothing
    run_cngen(*words, cwd=project)

    assert hidden(project) == before


def test_what_another_run_works_on_is_left_to_it(project: Path) -> None:
    store = project / STORE
    with _beside(store) as (_, new):
        new.write_text("half of it")
        assert run_cngen("build", cwd=project).returncode == 0
        assert new.read_text() == "half of it"
    assert hidden(project / "cn") == []


def test_many_builds_at_once(project: Path) -> None:
    """Each succeeds, and nothing is left behind."""
    words = [sys.executable, "-m", "cngen", "build"]
    write_project(project, {"cn/run.py": RUN.replace("10", "20")})
    runs = [
        subprocess.Popen(words, cwd=project, env=environment(), stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [run.communicate()[1].count(b"\n") for run in runs] == [1] * 4
    assert [run.returncode for run in runs] == [0] * 4
    assert "20" in (project / STORE).read_text()
    assert hidden(project / "cn") == []


# What nobody foresaw


def fails(error: BaseException, where: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> Ran:
    def raising(*_: object) -> object:
        raise error

    monkeypatch.setattr(where, raising)
    return run_cngen("check", "--fix", cwd=project)


@pytest.mark.parametrize(
    "where",
    ["cngen.lint.check.resolve", "cngen.cli.check.compile_tree", "cngen.lint.rules.check_codes"],
)
def test_what_nobody_foresaw_is_one_line(
    project: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CNGEN_DEBUG")
    write_project(project, {"cn/run.py": UNUSED})
    before = contents(project)

    result = fails(TypeError(f"oh\n{ODD}"), where, project, monkeypatch)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("cngen: error: internal error, please report it: TypeError at ")
    assert "(CNGEN_DEBUG=1 shows the traceback)\n" in result.stderr
    assert is_shown(result.stderr.removesuffix("\n"))
    assert result.stderr.count("\n") == 1
    assert contents(project) == before


def test_what_nobody_foresaw_is_a_traceback_for_who_asks(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TypeError):
        fails(TypeError(), "cngen.lint.check.resolve", project, monkeypatch)


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (KeyboardInterrupt(), 130, ""),
        (MemoryError(), 2, "cngen: error: not enough memory\n"),
        (OSError(28, "No space left"), 2, "cngen: error: [Errno 28] No space left\n"),
        (BrokenPipeError(), 1, ""),
    ],
    ids=["interrupt", "memory", "disk", "pipe"],
)
def test_what_stops_a_run(
    project: Path,
    error: BaseException,
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "cngen.cli.commands._discard_output", lambda: None
    )  # it closes the stream for good

    result = fails(error, "cngen.lint.check.resolve", project, monkeypatch)

    assert (result.returncode, result.stdout, result.stderr.lstrip("\n")) == (status, "", told)


# Small inputs of a huge meaning


def test_more_bases_than_anyone_writes_are_refused(tmp_path: Path) -> None:
    chain = "".join(f"\n\nclass A{n}(A{n - 1}):\n    x{n}: int = 1\n" for n in range(1, 400))
    source = f"from cngen import CN\n\n\nclass A0(CN):\n    x0: int = 1\n{chain}"
    project = write_project(tmp_path, {"cn/run.py": source})

    ran = run_cngen("check", "--format", "concise", cwd=project)

    assert ran.returncode == 1
    assert "CN003] `A150` inherits from more than 150 classes" in ran.stdout


def test_a_long_chain_of_references_has_no_cycle(tmp_path: Path) -> None:
    chain = "".join(f'    a{n}: int = ref("a{n - 1}")\n' for n in range(1, 800))
    source = f"from cngen import CN, ref\n\n\nclass Run(CN):\n    a0: int = 1\n{chain}"
    project = write_project(tmp_path, {"cn/run.py": source})

    assert run_cngen("build", cwd=project).returncode == 0


def test_an_index_of_more_digits_than_python_reads_leads_nowhere(tmp_path: Path) -> None:
    reference = "${b." + "1" * 4400 + "}"
    source = f'from cngen import CN\n\n\nclass Run(CN):\n    b: list[int] = [1]\n    x: int = "{reference}"\n'
    project = write_project(tmp_path, {"cn/run.py": source})

    ran = run_cngen("check", "--format", "concise", cwd=project)

    assert ran.returncode == 1
    assert "run.py:6" in ran.stdout
    assert "internal error" not in ran.stderr


def test_thousands_of_codes_in_one_comment_share_their_line(tmp_path: Path) -> None:
    codes = ", ".join(["CN207"] * 5000)
    source = f"from cngen import CN\n\n\nclass Run(CN):\n    x: int = 1  # cngen: ignore[{codes}]\n"
    project = write_project(tmp_path, {"cn/run.py": source})
    settings = load_settings(project)
    compiled = compile_tree(settings)

    shown = findings(compiled.diagnostics, compiled.files, project)

    assert len(shown) == 5000
    assert len({id(found.source) for found in shown}) == 1


@pytest.mark.parametrize("flag", ["--add-ignores", "--fix", "--diff"])
def test_a_coding_that_cannot_hold_what_is_added(tmp_path: Path, flag: str) -> None:
    source = "# coding: idna\nimport os\nfrom cngen import CN\n\n\nclass Run(CN):\n    x: int = 1\n"
    project = write_project(tmp_path, {"cn/run.py": source})

    ran = run_cngen("check", flag, cwd=project)

    assert ran.returncode == 1
    assert "internal error" not in ran.stderr
    assert (project / "cn" / "run.py").read_text() == source


def test_a_git_tree_of_billions_of_paths_is_refused(tmp_path: Path) -> None:
    """A few objects, each of which holds the next one ten times."""
    with without_settings():
        start(tmp_path)
        blob = made(tmp_path, "hash-object", "-w", "--stdin", text="x = 1\n")
        tree = made(tmp_path, "mktree", text=f"100644 blob {blob}\ta.py\n")
        for _ in range(9):
            held = "".join(f"040000 tree {tree}\td{number}\n" for number in range(10))
            tree = made(tmp_path, "mktree", text=held)
        top = f"040000 tree {tree}\tcn\n100644 blob {blob}\tother.py\n"
        head = made(tmp_path, "commit-tree", "-m", "x", made(tmp_path, "mktree", text=top))

    ran = run_cngen("diff", "HEAD", head, cwd=tmp_path)

    assert ran.returncode == 2
    assert "`cn` contains more than" in ran.stderr


def made(folder: Path, *arguments: str, text: str = "") -> str:
    """The object that a command of git writes."""
    ran = subprocess.run(
        ["git", *arguments], cwd=folder, input=text, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()
