"""What comes from outside stays text and stays where it is: names, settings, files, links, edits."""

import ast
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

import pytest
from click.testing import CliRunner

from cngen.changes import Change, Comparison, Impact, Location
from cngen.cli import main
from cngen.diagnostic import Severity
from cngen.escaping import is_plain, one_line
from cngen.formats import formatted
from cngen.formatting import FORMATS, REVIEWS
from cngen.report import Finding
from cngen.reviews import reviewed

from .project import RUN, STORE, environment, write_project

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


class Ran(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def cngen(*words: str, cwd: Path) -> Ran:
    """The command in this process."""
    old = Path.cwd()
    os.chdir(cwd)
    try:
        result = CliRunner().invoke(main, words)
    finally:
        os.chdir(old)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def plain(text: str, colour: str) -> str:
    return text


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
    write_project(tmp_path, {"run.py": RUN})
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
    write_project(tmp_path, {"run.py": RUN})
    odd = '"s/\\u001b[31m\\n::error::\\u202e.py"'
    (tmp_path / "pyproject.toml").write_text(f'[tool.cngen]\nroot = "cn"\noutput = {odd}\n')
    (tmp_path / "s").mkdir()

    for words in (("build",), ("build",), ("check",), ("check", "--diff")):
        result = cngen(*words, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert is_shown((result.stdout + result.stderr).removesuffix("\n"))


def test_a_patch_quotes_names_as_git_does(tmp_path: Path) -> None:
    """So that it stays a patch, and git finds the files."""
    source = RUN.replace("import CN", "import CN, sweep")
    write_project(tmp_path, {'a\n+\x1b\\"\u00e9\u202e.py': source})

    patch = cngen("check", "--diff", cwd=tmp_path).stdout
    (tmp_path / "patch").write_text(patch)

    assert is_shown(patch)
    subprocess.run(["git", "apply", "patch"], cwd=tmp_path, check=True)
    assert "CN008" not in cngen("check", cwd=tmp_path).stdout
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
    folder = write_project(tmp_path, {name: node, "main.py": RUN})

    result = cngen("build", cwd=folder)

    assert result.returncode == 0, result.stdout
    assert imported((folder / STORE).read_text()) == KNOWN


@pytest.mark.parametrize("source", [WITH_ENUM, WITH_METHOD, WITH_CALL])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_imported_from_what_is_no_module(tmp_path: Path, name: str, source: str) -> None:
    odd = source.replace("Odd(CN)", 'Odd(CN, group="odd")')
    folder = write_project(tmp_path, {name: odd, "main.py": RUN})

    result = cngen("build", cwd=folder)

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

    assert cngen("build", cwd=tmp_path).returncode == 0
    assert cngen("check", cwd=tmp_path).returncode == 0
    assert imported((tmp_path / "store.py").read_text()) == KNOWN


# What is written over

SETUP = "from setuptools import setup\n\nsetup()\n"


@pytest.mark.parametrize("content", [SETUP, "# Generated by cngen: not at all\n", "\0", "x" * 5000])
def test_a_file_that_is_no_store_is_kept(tmp_path: Path, content: str) -> None:
    write_project(tmp_path, {"run.py": RUN})
    (tmp_path / "pyproject.toml").write_text('[tool.cngen]\nroot = "cn"\noutput = "setup.py"\n')
    (tmp_path / "setup.py").write_text(content)

    built = cngen("build", cwd=tmp_path)
    checked = cngen("check", cwd=tmp_path)
    shown = cngen("check", "--diff", cwd=tmp_path)

    line = "`setup.py` is not a store that cngen wrote: remove it, or set `output` in [tool.cngen]"
    for result in (built, shown):
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr.startswith(f"cngen: error: {line}")
        assert result.stderr.count("\n") == 1
    assert checked.returncode == 1
    assert "error[CN701] `setup.py` is not a store that cngen wrote\n" in checked.stdout
    assert (tmp_path / "setup.py").read_text() == content


@pytest.mark.parametrize("output", ["cn/run.py", "cn/deep/part.py"])
def test_a_source_is_no_store(tmp_path: Path, output: str) -> None:
    sources = {"run.py": RUN, "deep/part.py": RUN.replace("Run", "Part")}
    write_project(tmp_path, sources)
    (tmp_path / "pyproject.toml").write_text(f'[tool.cngen]\nroot = "cn"\noutput = "{output}"\n')

    assert cngen("build", cwd=tmp_path).returncode == 2
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
    write_project(tmp_path, {"run.py": RUN})
    (tmp_path / "known.json").write_text(NO_BASELINES[name])

    result = cngen("check", "--baseline", "known.json", *flags, cwd=tmp_path)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "cngen: error: `known.json` is not a baseline file: name another file, or remove it and"
        " run `--update-baseline`\n"
    )
    assert (tmp_path / "known.json").read_text() == NO_BASELINES[name]


def test_a_baseline_holds_halves_of_characters(tmp_path: Path) -> None:
    """And what else is hidden, as escapes: a reviewer reads the file."""
    write_project(tmp_path, {"run.py": RUN})
    odd = '{"file": "f", "code": "CN206", "message": "\\ud800\\u202e\\u009b", "times": 1}'
    (tmp_path / "known.json").write_text(f'{{"findings": [{odd}]}}')
    words = ("check", "--ignore", "CN2", "--baseline", "known.json", "--update-baseline")

    for _ in range(2):
        result = cngen(*words, cwd=tmp_path)
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
    write_project(tmp_path, {"run.py": RUN})
    (tmp_path / ".git/hooks").mkdir(parents=True)
    (tmp_path / "cn/.GIT").mkdir()
    (tmp_path / "pyproject.toml").write_text(text + "\n")

    for words in (("build",), ("check",)):
        result = cngen(*words, cwd=tmp_path)
        assert (result.returncode, result.stdout) == (2, ""), result.stderr
        assert result.stderr.startswith("cngen: error: ")
        assert result.stderr.count("\n") == 1
    assert sorted(p.name for p in tmp_path.rglob("*.py")) == ["run.py"]
