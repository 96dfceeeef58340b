"""What comes from outside stays text and stays where it is: names, settings, files, links, edits."""

import subprocess
import sys
from pathlib import Path
from unicodedata import category

import pytest

from cngen.changes import Change, Comparison, Impact, Location
from cngen.diagnostic import Severity
from cngen.escaping import is_plain, one_line
from cngen.formats import formatted
from cngen.formatting import FORMATS, REVIEWS
from cngen.report import Finding
from cngen.reviews import reviewed

from .project import RUN, STORE, environment, run_cngen, write_project

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
        result = run_cngen(*words, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert is_shown((result.stdout + result.stderr).removesuffix("\n"))


def test_a_patch_quotes_names_as_git_does(tmp_path: Path) -> None:
    """So that it stays a patch, and git finds the files."""
    source = RUN.replace("import CN", "import CN, sweep")
    write_project(tmp_path, {'a\n+\x1b\\"\u00e9\u202e.py': source})

    patch = run_cngen("check", "--diff", cwd=tmp_path).stdout
    (tmp_path / "patch").write_text(patch)

    assert is_shown(patch)
    subprocess.run(["git", "apply", "patch"], cwd=tmp_path, check=True)
    assert "CN008" not in run_cngen("check", cwd=tmp_path).stdout
    assert (tmp_path / STORE).exists()
    assert "sweep" not in next((tmp_path / "cn").glob("a*.py")).read_text()
