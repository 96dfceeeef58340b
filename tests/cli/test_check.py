"""`cngen check` as a user runs it: choosing, silencing, mending, baselines, exit statuses."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cngen.cli.formats import FORMATS
from cngen.compiler import compile_tree
from cngen.diagnostics import Diagnostic, Edit, Fix, Severity, Span
from cngen.lint import fixing
from cngen.lint.fixing import fix_all
from cngen.lint.pages import every_page
from cngen.lint.rules import all_rules
from cngen.project.files import Edited, Worktree
from cngen.project.settings import load_settings
from cngen.syntax.lexing import are_whole
from cngen.syntax.scan import scan
from tests.support.project import (
    CHECKOUT,
    PYPROJECT,
    STORE,
    STORE_HEAD,
    Ran,
    in_root,
    run_cngen,
    run_python,
    write_project,
)
from tests.support.rule_cases import blocks

CASES = CHECKOUT / "tests/whole/cases"
HEAD = "import os\n\nfrom cngen import CN\n\n\nclass Run(CN):\n"
TWO = HEAD + "    cpus: int = os.cpu_count()\n    width: int | str = 1\n"
"""CN207 in line 7, CN206 in line 8."""
BOTH = ["CN206", "CN207"]
ERROR = "    steps: int = 'many'\n"
WRONG = TWO + ERROR
"""An error besides, CN203 in line 9."""
UNUSED = HEAD + "    seed: int = 1  # cngen: ignore[CN207]\n"
"""CN007, which is safe to fix."""
MISSPELLED = HEAD + "    seed: int = 1\n\n    def __post__init__(self) -> None:\n        pass\n"
"""CN216, which isn't."""


def project(folder: Path, source: str | bytes | Mapping[str, str], settings: str = "") -> Path:
    """A project of one source (or more, by path) whose store is up to date, if it can have one."""
    files = source if isinstance(source, Mapping) else {"run.py": source}
    write_project(folder, in_root(files), settings)
    text = compile_tree(load_settings(folder)).text
    if text is not None:
        (folder / STORE).write_text(text, encoding="utf-8")
    return folder


def check(folder: Path, *flags: str) -> Ran:
    """Run `cngen check` in a folder."""
    return run_cngen("check", *flags, cwd=folder)


def codes(folder: Path, *flags: str) -> list[str]:
    """The codes that are told, once for each finding; the exit status has to fit."""
    return [code for _, code in lines(folder, *flags)]


def lines(folder: Path, *flags: str) -> list[tuple[int, str]]:
    """The lines and codes that are told."""
    result = check(folder, "--format", "json", *flags)
    assert result.stdout, result.stderr
    found = [(f["line"], f["code"]) for f in json.loads(result.stdout)]
    assert result.returncode == bool(found)
    return sorted(found, key=lambda item: item[::-1])


def source(folder: Path) -> bytes:
    return (folder / "cn/run.py").read_bytes()


# Choosing

CHOSEN = {
    "everything": ("", [], BOTH),
    "one": ('select = ["CN206"]', ["--select", "CN206"], ["CN206"]),
    "a beginning": ('select = "CN2"', ["--select", "CN2"], BOTH),
    "another beginning": ('select = ["CN1", "CN5"]', ["--select", "CN1,CN5"], []),
    "given again": (
        'select = ["CN206", "CN1"]',
        ["--select", "CN206", "--select", "CN1"],
        ["CN206"],
    ),
    "left out, given again": (
        'ignore = ["CN206", "CN207"]',
        ["--ignore", "CN206", "--ignore", "CN207"],
        [],
    ),
    "in lower case": ('select = ["cn206"]', ["--select", "cn206"], ["CN206"]),
    "left out in lower case": (
        'ignore = "cn206"\n[tool.cngen.per-file-ignores]\n"run.py" = "cn207"',
        ["--ignore", "cn206", "--per-file-ignores", "run.py:cn207"],
        [],
    ),
    "all but one": ('ignore = ["CN206"]', ["--ignore", "CN206"], ["CN207"]),
    "all but a beginning": ('ignore = ["CN20"]', ["--ignore", "CN20"], []),
    "the longest wins": (
        'select = ["CN", "CN207"]\nignore = ["CN2"]',
        ["--select", "CN, CN207", "--ignore", "CN2"],
        ["CN207"],
    ),
    "the longest wins, left out": (
        'select = ["CN20"]\nignore = ["CN2", "CN206"]',
        ["--select", "CN20", "--ignore", "CN2,CN206"],
        ["CN207"],
    ),
    "left out where both are as long": (
        'select = ["CN206"]\nignore = ["CN206"]',
        ["--select", "CN206", "--ignore", "CN206"],
        [],
    ),
    "per file": (
        '[tool.cngen.per-file-ignores]\n"cn/*.py" = ["CN206"]',
        ["--per-file-ignores", "cn/*.py:CN206"],
        ["CN207"],
    ),
    "per file by its name, a beginning": (
        '[tool.cngen.per-file-ignores]\n"run.py" = "CN2"',
        ["--per-file-ignores", "run.py:CN2"],
        [],
    ),
    "per folder, several codes": (
        '[tool.cngen.per-file-ignores]\n"cn/" = ["CN206", "CN207"]',
        ["--per-file-ignores", "cn/:CN206,CN207"],
        [],
    ),
    "per file, twice": (
        '[tool.cngen.per-file-ignores]\n"cn/*" = ["CN206"]\n"**/run.py" = ["CN207"]',
        ["--per-file-ignores", "cn/*:CN206", "--per-file-ignores", "**/run.py:CN207"],
        [],
    ),
    "per another file": (
        '[tool.cngen.per-file-ignores]\n"cn/old/*" = ["CN"]',
        ["--per-file-ignores", "cn/old/*:CN"],
        BOTH,
    ),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_rules_are_chosen(name: str, tmp_path: Path) -> None:
    """In the settings and by flags alike."""
    settings, flags, expected = CHOSEN[name]

    assert codes(project(tmp_path / "settings", TWO, settings)) == expected
    assert codes(project(tmp_path / "flags", TWO), *flags) == expected


def test_flags_and_settings(tmp_path: Path) -> None:
    """`--select` begins anew, `--ignore` adds to the settings, per-file ignores too."""
    settings = 'ignore = ["CN206"]\n[tool.cngen.per-file-ignores]\n"cn/other.py" = ["CN2"]\n'
    folder = project(tmp_path, TWO, settings)

    assert codes(folder, "--select", "CN206") == ["CN206"]
    assert codes(folder, "--select", "CN2") == BOTH
    assert codes(folder, "--ignore", "CN5") == ["CN207"]
    assert codes(folder, "--ignore", "CN207") == []
    assert codes(folder, "--per-file-ignores", "run.py:CN207") == []


def test_an_error_is_always_told(tmp_path: Path) -> None:
    folder = project(tmp_path, WRONG)

    assert codes(folder) == ["CN203", *BOTH]
    flags = ("--select", "CN5", "--ignore", "CN203", "--per-file-ignores", "cn/*:CN203")
    assert codes(folder, *flags) == ["CN203"]


@pytest.mark.parametrize("rule", [r for r in all_rules() if not r.default], ids=lambda r: r.code)
def test_a_rule_that_is_off_is_chosen_by_its_whole_code(rule: object, tmp_path: Path) -> None:
    code, page = rule.code, rule.page()  # type: ignore[attr-defined]
    example = page[page.index("## Example") : page.index("## Use instead")]
    files = {path.removeprefix("cn/"): text for path, text in blocks(example).items()}
    folder = project(tmp_path, files)

    for flags in ((), ("--select", "CN"), ("--select", code[:-1]), ("--select", code[:3])):
        assert code not in codes(folder, *flags)
    assert {*codes(folder, "--select", f"CN,{code}")} == {code}
    assert codes(folder, "--select", code, "--ignore", code) == []
    assert {*codes(folder, "--select", code, "--ignore", code[:-1])} == {code}


UNKNOWN = {
    "select": ('select = ["CN2O6"]', ["--select", "CN2O6"], "unknown rule code `CN2O6`"),
    "ignore": ('ignore = ["CN999"]', ["--ignore", "CN206,CN999"], "unknown rule code `CN999`"),
    "per file": (
        '[tool.cngen.per-file-ignores]\n"cn/*" = ["E501"]',
        ["--per-file-ignores", "cn/*:E501"],
        "unknown rule code `E501`",
    ),
    "all of them": ('select = ["ALL"]', ["--select", "all"], "`CN` is all of them"),
    "did you mean": ('select = ["CN2O6"]', ["--select", "CN2O6"], "did you mean `CN2"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_code_stops_the_run(name: str, tmp_path: Path) -> None:
    """Status 2 and one line: such a code would turn nothing on or off."""
    settings, flags, message = UNKNOWN[name]
    write_project(tmp_path / "settings", {"cn/run.py": TWO})
    (tmp_path / "settings/pyproject.toml").write_text(PYPROJECT + settings)

    for folder, given in ((tmp_path / "settings", []), (project(tmp_path / "flags", TWO), flags)):
        result = check(folder, *given)
        assert (result.returncode, result.stdout) == (2, "")
        assert message in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("settings", "flags", "message"),
    [
        ("", ["--per-file-ignores", "cn/*"], "expects PATTERN:CODES, not `cn/*`"),
        ("", ["--per-file-ignores", "cn/*:"], "expects PATTERN:CODES, not `cn/*:`"),
        ('per-file-ignores = ["CN2"]', [], "must be a table of patterns and codes"),
        ("select = 2", [], "setting `select` must be a string or a list of strings"),
        ('baseline = "../b.json"', [], "must be inside the project"),
        ("", ["--update-baseline"], "pass `--baseline FILE`"),
        ("", ["--update-baseline", "--baseline", "b", "--add-ignores"], "can't be combined"),
        ("", ["--select", ""], "--select needs at least one code"),
        ("", ["--select", ",", "--ignore", "CN2"], "--select needs at least one code"),
        ("", ["--per-file-ignores", ":CN2"], "repeat it for each pattern"),
        ("", ["--per-file-ignores", "!a.py:CN2"], "repeat it for each pattern"),
        ("", ["--per-file-ignores", "a.py:CN,b.py:CN"], "repeat it for each pattern"),
        ("", ["--per-file-ignores", "a.py:cn207, b.py:CN"], "repeat it for each pattern"),
        ("", ["--baseline", "../b.json"], "--baseline must be inside the project: `../b.json`"),
        ("", ["--baseline", "/tmp/b.json", "--update-baseline"], "must be inside the project"),
        ("", ["--baseline", ""], "--baseline must be a path"),
        ("", ["--diff", "--add-ignores"], "`--diff` can't be combined with `--add-ignores`"),
        (
            "",
            ["--diff", "--update-baseline"],
            "`--diff` can't be combined with `--update-baseline`",
        ),
        ("", ["--diff", "--statistics"], "`--diff` can't be combined with `--statistics`"),
        ("", ["--diff", "--format", "json"], "`--diff` can't be combined with `--format json`"),
        (
            "",
            ["--statistics", "--format", "sarif"],
            "`--statistics` can't be combined with `--format sarif`",
        ),
    ],
)
def test_what_stops_the_run(settings: str, flags: list[str], message: str, tmp_path: Path) -> None:
    write_project(tmp_path, {"cn/run.py": TWO})
    (tmp_path / "pyproject.toml").write_text(PYPROJECT + settings)

    result = check(tmp_path, *flags)

    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


# Comments

COMMENTED = {
    "the line of a finding": ("a: int = os.cpu_count()  # cngen: ignore[CN207]", []),
    "no space, much space": ("a: int = os.cpu_count()  #cngen:ignore[ CN207 ]", []),
    "behind another comment": ("a: int = os.cpu_count()  # why  # cngen: ignore[CN207]", []),
    "before another comment": ("a: int = os.cpu_count()  # cngen: ignore[CN207]  # noqa", []),
    "with a reason": ("a: int = os.cpu_count()  # cngen: ignore[CN207] as it is", []),
    "the first line": ("a: int = os.cpu_count(  # cngen: ignore[CN207]\n    )", []),
    "the last line": ("a: int = os.cpu_count(\n    )  # cngen: ignore[CN207]", []),
    "both lines": (
        "a: int = os.cpu_count(  # cngen: ignore[CN207]\n    )  # cngen: ignore[CN207]",
        [],
    ),
    "a line between": (
        "a: int = os.cpu_count(\n        # cngen: ignore[CN207]\n    )",
        [(7, "CN207"), (8, "CN007")],
    ),
    "several codes": ("a: int | str = os.cpu_count()  # cngen: ignore[CN206, CN207]", []),
    "several comments": (
        "a: int | str = os.cpu_count()  # cngen: ignore[CN206]  # cngen: ignore[CN207]",
        [],
    ),
    "one of two": ("a: int | str = os.cpu_count()  # cngen: ignore[CN206]", [(7, "CN207")]),
    "another code": (
        "a: int = os.cpu_count()  # cngen: ignore[CN206]",
        [(7, "CN007"), (7, "CN207")],
    ),
    "a beginning of a code": (
        "a: int = os.cpu_count()  # cngen: ignore[CN2]",
        [(7, "CN006"), (7, "CN207")],
    ),
    "the name of a rule": (
        "a: int = os.cpu_count()  # cngen: ignore[computed-default]",
        [(7, "CN006"), (7, "CN207")],
    ),
    "no code": ("a: int = os.cpu_count()  # cngen: ignore", [(7, "CN005"), (7, "CN207")]),
    "an unknown code": ("a: int = 1  # cngen: ignore[CN999]", [(7, "CN006")]),
    "another word": ("a: int = 1  # cngen: ignroe[CN207]", [(7, "CN006")]),
    "a capital": ("a: int = os.getpid()  # Cngen: ignore[CN207]", [(7, "CN006"), (7, "CN207")]),
    "no colon": ("a: int = os.getpid()  #cngen ignore[CN207]", [(7, "CN006"), (7, "CN207")]),
    "a space before the colon": (
        "a: int = os.getpid()  # why  # CNGEN : Ignore [CN207]  # noqa",
        [(7, "CN006"), (7, "CN207")],
    ),
    "prose": ("a: int = 1  # cngen ignores this; Cngen: ignore it, cngen [CN207]", []),
    "nothing to silence": ("a: int = 1  # cngen: ignore[CN207]", [(7, "CN007")]),
    "inside a string": (
        'a: str = "# cngen: ignore[CN207]" + os.sep',
        [(7, "CN207")],
    ),
    "an error": (
        "a: int = None  # cngen: ignore[CN203]",
        [(7, "CN006"), (7, "CN203")],
    ),
    "a warning about the name of a field": (
        'keys: list[str] = ["a"]  # cngen: ignore[CN219]',
        [],
    ),
    "a finding about a comment": (
        "a: int = 1  # cngen: ignore[CN207, CN007]",
        [(7, "CN007"), (7, "CN007")],
    ),
}


@pytest.mark.parametrize("name", COMMENTED)
def test_a_comment_silences_what_it_names(name: str, tmp_path: Path) -> None:
    line, expected = COMMENTED[name]
    folder = write_project(tmp_path, {"cn/run.py": HEAD + f"    {line}\n"})
    (folder / "pyproject.toml").write_text(PYPROJECT)
    compiled = compile_tree(load_settings(folder))

    text = compiled.files[-1].text
    found = [(text.count("\n", 0, d.span.start) + 1, d.code) for d in compiled.diagnostics]
    assert sorted(found) == sorted(expected)


HINTS = {
    "a name": ("# cngen: ignore[computed-default]", "did you mean `CN207`?"),
    "lower case": ("# cngen: ignore[cn207]", "did you mean `CN207`?"),
    "a capital": ("# Cngen: ignore[CN207]", "write `# cngen: ignore[CODE]`"),
    "no colon": ("#cngen ignore[CN207]", "write `# cngen: ignore[CODE]`"),
}


@pytest.mark.parametrize("name", HINTS)
def test_a_comment_gets_a_hint(name: str, tmp_path: Path) -> None:
    comment, hint = HINTS[name]
    folder = project(tmp_path, HEAD + f"    a: int = 1  {comment}\n")

    (found,) = json.loads(check(folder, "--format", "json").stdout)
    assert (found["code"], found["hint"]) == ("CN006", hint)


def test_a_comment_for_a_rule_that_is_left_out_is_not_unused(tmp_path: Path) -> None:
    folder = project(tmp_path, UNUSED)

    assert codes(folder) == ["CN007"]
    assert codes(folder, "--ignore", "CN207") == []
    assert codes(folder, "--ignore", "CN007") == []


def test_while_there_is_an_error_no_comment_is_unused(tmp_path: Path) -> None:
    """What it silences may not be found; then `--fix` must not take it away."""
    folder = project(tmp_path, UNUSED + ERROR)
    before = source(folder)

    assert codes(folder, "--fix") == ["CN203"]
    assert source(folder) == before


# Fixes


def test_fix_mends_what_is_safe(tmp_path: Path) -> None:
    folder = project(tmp_path, UNUSED + MISSPELLED.removeprefix(HEAD + "    seed: int = 1\n"))
    told = check(folder)
    assert (
        "2 warnings, 1 fixable with `cngen check --fix`, 1 more with `--fix --unsafe-fixes`\n"
        in told.stderr
    )

    result = check(folder, "--fix")

    assert result.returncode == 1
    assert "1 finding fixed in 1 file\n" in result.stderr
    assert "1 warning, 1 fixable with `cngen check --fix --unsafe-fixes`\n" in result.stderr
    assert source(folder).decode() == MISSPELLED
    assert codes(folder) == ["CN216"]


def test_unsafe_fixes_mend_more(tmp_path: Path) -> None:
    folder = project(tmp_path, MISSPELLED)

    result = check(folder, "--fix", "--unsafe-fixes", "--ignore", "CN215")

    assert "1 finding fixed in 1 file\n" in result.stderr
    assert source(folder).decode() == MISSPELLED.replace("__post__init__", "__post_init__")


def test_unsafe_fixes_alone_write_nothing(tmp_path: Path) -> None:
    both = UNUSED + MISSPELLED.removeprefix(HEAD + "    seed: int = 1\n")
    folder = project(tmp_path, both)

    result = check(folder, "--unsafe-fixes")

    assert source(folder).decode() == both
    assert "2 warnings, 2 fixable with `cngen check --fix --unsafe-fixes`\n" in result.stderr


def test_a_read_only_source_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so are the others."""
    folder = project(tmp_path, {"a.py": UNUSED, "run.py": UNUSED.replace("Run", "Other")})
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "run.py")

    result = check(folder, "--fix")

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "cngen: error: can't write `cn/run.py`: it is read-only\n"
    assert (folder / "cn/a.py").read_text() == UNUSED


def test_fix_with_nothing_to_mend(tmp_path: Path) -> None:
    """The status is that of what is left."""
    folder = project(tmp_path, TWO)
    stamp = (folder / "cn/run.py").stat().st_mtime_ns

    result = check(folder, "--fix")

    assert result.returncode == 1
    assert "0 findings fixed\n" in result.stderr
    assert (folder / "cn/run.py").stat().st_mtime_ns == stamp
    clean = check(project(folder, HEAD + "    seed: int = 1\n"), "--fix")
    assert (clean.returncode, clean.stdout) == (0, "")


def test_diff_shows_and_writes_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path, UNUSED)
    before = {path: path.read_bytes() for path in folder.rglob("*.py")}

    result = check(folder, "--diff")

    assert result.returncode == 1
    assert "--- a/cn/run.py\n+++ b/cn/run.py\n" in result.stdout
    assert "-    seed: int = 1  # cngen: ignore[CN207]\n+    seed: int = 1\n" in result.stdout
    assert {path: path.read_bytes() for path in folder.rglob("*.py")} == before
    assert check(folder, "--diff", "--fix").stdout == result.stdout
    assert result.stderr == "1 finding would be fixed in 1 file\n"

    nothing = check(project(folder, TWO), "--diff")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert nothing.stderr == "nothing to fix\n"


@pytest.mark.parametrize("below", [".", "cn"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_git_applies_a_diff(below: str, end: str, tmp_path: Path) -> None:
    """From the project and from a folder in it; a form feed ends no line."""
    text = UNUSED.replace("import os\n", 'import os\n\nPAGE = "a\f\u2028b"\n').replace("\n", end)
    folder = project(tmp_path, text.encode())
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)

    patch = check(folder / below, "--diff").stdout
    subprocess.run(["git", "apply", "-"], cwd=folder / below, input=patch.encode(), check=True)

    assert source(folder).decode() == text.replace("  # cngen: ignore[CN207]", "")


ROOTED = HEAD + '    root: str = os.environ["ROOT"]\n'
"""CN207, whose fix changes the store."""


def test_a_diff_holds_the_store_of_the_mended_sources(tmp_path: Path) -> None:
    """However stale the store on the disk is, and whether or not anything else can be fixed."""
    folder = project(tmp_path, ROOTED)
    (folder / STORE).write_text(f"{STORE_HEAD}stale\n")

    result = check(folder, "--diff", "--unsafe-fixes")

    assert result.returncode == 1
    sources, _, store = result.stdout.partition(f"--- a/{STORE}\n+++ b/{STORE}\n")
    assert '-    root: str = os.environ["ROOT"]\n' in sources
    assert '+    root: str = "${oc.env:ROOT}"\n' in sources
    assert "-stale\n" in store
    assert '+    root: str = field(default=SI("${oc.env:ROOT}"))\n' in store
    assert result.stderr == (
        f"1 finding would be fixed in 1 file\n`{STORE.as_posix()}` would be written\n"
    )
    alone = check(folder, "--diff")
    assert alone.returncode == 1
    assert alone.stdout.startswith(f"--- a/{STORE}\n")
    assert alone.stderr == f"`{STORE.as_posix()}` would be written\n"


STALE_STORES: dict[str, str | None] = {
    "up to date": "\\g<0>",
    "missing": None,
    "empty": "",
    "older": '\\g<0>cs.store(name="gone", node=Run)\n',
    "without a line end": "\\g<0># by hand",
    "with other line ends": STORE_HEAD.replace("\n", "\r\n") + "a\r\nb\r\n",
    "conflict": f"<<<<<<< HEAD\n{STORE_HEAD}=======\n{STORE_HEAD}>>>>>>> other\n",
}


@pytest.mark.parametrize("store", STALE_STORES.values(), ids=STALE_STORES)
def test_git_applies_a_diff_and_leaves_a_clean_tree(store: str | None, tmp_path: Path) -> None:
    folder = project(tmp_path, ROOTED)
    text = (folder / STORE).read_text()
    (folder / STORE).unlink()
    if store is not None:
        new = re.sub(r"(?s)\A.*\Z", store, text)
        (folder / STORE).write_bytes(new.encode())
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)

    patch = check(folder, "--diff", "--unsafe-fixes").stdout
    subprocess.run(["git", "apply", "-"], cwd=folder, input=patch.encode(), check=True)

    assert check(folder) == (0, "", "")
    nothing = check(folder, "--diff", "--unsafe-fixes")
    assert nothing == (0, "", "nothing to fix\n")


def test_a_diff_without_a_store_says_so(tmp_path: Path) -> None:
    """An error that is left forbids it."""
    folder = project(tmp_path, MISSPELLED.replace("seed: int = 1", "seed: int = 'one'"))

    result = check(folder, "--diff", "--unsafe-fixes")

    assert result.returncode == 1
    assert STORE.name not in result.stdout
    assert f"the patch leaves `{STORE.as_posix()}` out: 1 error left\n" in result.stderr


def test_a_store_in_another_coding_has_no_diff(tmp_path: Path) -> None:
    folder = project(tmp_path, UNUSED)
    (folder / STORE).write_bytes(STORE_HEAD.encode() + b"# caf\xe9\n")

    result = check(folder, "--diff")

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "cngen: error: `cn/_generated_store.py` isn't UTF-8, so no patch can fix it: run `cngen build`\n"
    )


KEPT = {
    "crlf": UNUSED.replace("\n", "\r\n").encode(),
    "a lone cr and a crlf": UNUSED.encode().replace(b"\n\n", b"\r\n\r", 1),
    "bom": b"\xef\xbb\xbf" + UNUSED.encode(),
    "bom and crlf": b"\xef\xbb\xbf" + UNUSED.replace("\n", "\r\n").encode(),
    "latin-1": (
        "# -*- coding: latin-1 -*-\n# é\n" + UNUSED.replace("int = 1 ", 'str = "é" ')
    ).encode("latin-1"),
    "no final newline": UNUSED.removesuffix("\n").encode(),
    "tabs and a form feed": UNUSED.replace("    ", "\t").replace("\n\n\n", "\n\f\n").encode(),
    "wide characters": UNUSED.replace("int = 1 ", 'str = "漢\U0001f600" ').encode(),
    "another line after it": (UNUSED + "    b:int=1   \n").encode(),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_fix_leaves_all_else_as_it_was(name: str, tmp_path: Path) -> None:
    """Byte for byte: line ends, coding, marks."""
    before = KEPT[name]
    folder = project(tmp_path, before)

    result = check(folder, "--fix")

    assert (result.returncode, result.stdout) == (0, "")
    assert source(folder) == before.replace(b"  # cngen: ignore[CN207]", b"")


def test_fixes_that_touch_take_turns(tmp_path: Path) -> None:
    folder = project(tmp_path, UNUSED.replace("[CN207]", "[CN207, CN206,CN110]"))

    result = check(folder, "--fix")

    assert result.returncode == 0
    assert "3 findings fixed in 1 file\n" in result.stderr
    assert source(folder).decode() == HEAD + "    seed: int = 1\n"


def fixed(folder: Path, *edits: Edit, safe: bool = True) -> bytes:
    """The source after a fix with these edits, told while the source is as it was."""
    settings = load_settings(folder)
    before = source(folder)

    def with_fix(replaced: Mapping[str, bytes]) -> object:
        checked = compile_tree(settings, Edited(Worktree(folder), replaced))
        found = Diagnostic(edits[0].span, "CN110", "m", "", Severity.WARNING, Fix(edits, safe))
        is_first = replaced.get("cn/run.py", before) == before
        object.__setattr__(checked, "diagnostics", (found,) if is_first else ())
        return checked

    after = fix_all(with_fix, False).after  # type: ignore[arg-type]
    return after["cn/run.py"].data if after else before


def test_several_edits_of_one_fix(tmp_path: Path) -> None:
    """Offsets are those of the text before all of them; new lines end as the file's lines do."""
    folder = project(tmp_path, b"\xef\xbb\xbf" + TWO.replace("\n", "\r\n").encode())
    at = TWO.index("width")
    edits = (
        Edit(Span("cn/run.py", 0, 0), "import re\n"),
        Edit(Span("cn/run.py", at, at + 5), "é"),
        Edit(Span("cn/run.py", len(TWO), len(TWO)), "    x: int = 1\n"),
    )

    expected = "import re\n" + TWO.replace("width", "é") + "    x: int = 1\n"
    assert fixed(folder, *edits) == b"\xef\xbb\xbf" + expected.replace("\n", "\r\n").encode()
    assert fixed(folder, *edits, safe=False) == source(folder)


@pytest.mark.parametrize(
    ("end", "text", "reason"),
    [
        (18, "(", "a fix would break it"),
        (18, "漢", "its encoding can't represent a fix"),
        (20, "re", "a fix would cut something in two"),
    ],
)
def test_a_source_is_left_where_a_fix_goes_wrong(
    end: int, text: str, reason: str, tmp_path: Path
) -> None:
    """The fixes of others are applied all the same."""
    folder = project(tmp_path, b"# coding: latin-1\n" + TWO.encode())
    (folder / "cn/other.py").write_text(TWO.replace("Run", "Other"))
    settings = load_settings(folder)

    def with_fixes(replaced: Mapping[str, bytes]) -> object:
        checked = compile_tree(settings, Edited(Worktree(folder), replaced))
        edits = [Edit(Span("cn/run.py", 18, end), text), Edit(Span("cn/other.py", 0, 0), "# new\n")]
        found = tuple(
            Diagnostic(e.span, "CN110", "m", "", Severity.WARNING, Fix((e,)))
            for e in edits
            if e.span.file not in replaced
        )
        object.__setattr__(checked, "diagnostics", found)
        return checked

    changed = fix_all(with_fixes, False)  # type: ignore[arg-type]

    assert changed.refused == {"cn/run.py": reason}
    assert set(changed.after) == {"cn/other.py"}
    assert changed.count == 1


def test_fixes_that_do_not_come_to_an_end_are_not_applied(tmp_path: Path) -> None:
    folder = project(tmp_path, TWO.encode())
    settings = load_settings(folder)
    edit = Edit(Span("cn/run.py", 0, 0), "# again\n")

    def with_fix(replaced: Mapping[str, bytes]) -> object:
        checked = compile_tree(settings, Edited(Worktree(folder), replaced))
        found = Diagnostic(edit.span, "CN110", "m", "", Severity.WARNING, Fix((edit,)))
        object.__setattr__(checked, "diagnostics", (found,))
        return checked

    changed = fix_all(with_fix, False)  # type: ignore[arg-type]

    assert changed.refused == {"cn/run.py": "its fixes don't converge"}
    assert (dict(changed.after), changed.count) == ({}, 0)


@pytest.mark.parametrize(
    ("found", "is_found_whole"),
    [
        ("hash(1) + hash(", False),
        ("(1) + ha", False),
        ("hash(1) + ha", False),
        ('+ ("a', False),
        ("hash(1) + hash(10)", True),
        ("(1)", True),
        ("b (", True),
        ("", True),
        ("# two (", True),
    ],
)
def test_what_a_fix_may_replace(found: str, is_found_whole: bool) -> None:
    """Half a name, half a string or one of two brackets was found on another text than this one."""
    text = 'x = hash(1) + hash(10) + ("a" "b (" == 1)  # two ('
    at = text.index(found)

    assert are_whole(text, [(at, at + len(found))]) is is_found_whole


NODE = "class A(CN):\n    x: int = 1\n"


@pytest.mark.parametrize(
    "text",
    [
        f"from cngen import CN\nZ = 1,\nfrom cngen import sweep\n{NODE}",
        f"from cngen import CN\nZ = 1,; from cngen import patch\n{NODE}",
        f"from cngen import CN\nX = 1\nfrom cngen import sweep  # noqa: F401\n{NODE}",
        f"from cngen import CN\nfrom cngen import sweep  # type: ignore\n{NODE}",
        f'from cngen import sweep # coding: latin-1\nfrom cngen import CN\n{NODE}    y: str = "é"\n',
        f'from cngen import sweep\n# coding: latin-1\nfrom cngen import CN\n{NODE}    y: str = "é"\n',
        f"from cngen import CN, ref\nX = \uff52\uff45\uff46\n{NODE}",
        "from cngen import CN\nclass A(CN):\n    x: int = (  # why it is so\n        2.0  # really\n    )\n",
        "from cngen import CN\nL = [1]\ndef list(x): return x\nclass A(CN):\n    m: 'list[int]' = L\n    n = L\n",
    ],
)
def test_a_fix_takes_nothing_away_that_it_does_not_mean(text: str, tmp_path: Path) -> None:
    """No comma of a tuple, no comment, no name that is another to Python, and no coding that wasn't meant."""
    folder = project(tmp_path, text.encode())

    run_cngen("check", "--fix", "-C", str(folder))

    assert (folder / "cn/run.py").read_bytes() == text.encode()


# Silencing all

SILENCED = {
    "a line": ("a: int = os.cpu_count()", "a: int = os.cpu_count()  # cngen: ignore[CN207]"),
    "two rules in a line": (
        "a: int | str = os.cpu_count()",
        "a: int | str = os.cpu_count()  # cngen: ignore[CN206, CN207]",
    ),
    "one rule twice in a line": (
        "a: int = os.getpid(); b: int = os.cpu_count()",
        "a: int = os.getpid(); b: int = os.cpu_count()  # cngen: ignore[CN207]",
    ),
    "a comment": (
        "a: int = os.cpu_count()  # noqa",
        "a: int = os.cpu_count()  # noqa  # cngen: ignore[CN207]",
    ),
    "an ignore": (
        "a: int | str = os.cpu_count()  # cngen: ignore[CN206] why",
        "a: int | str = os.cpu_count()  # cngen: ignore[CN206, CN207] why",
    ),
    "several lines": (
        "a: int = os.cpu_count(\n    )",
        "a: int = os.cpu_count(\n    )  # cngen: ignore[CN207]",
    ),
    "a line that goes on": (
        "a: int = os.cpu_count \\\n    ()",
        "a: int = os.cpu_count \\\n    ()  # cngen: ignore[CN207]",
    ),
    "a string over lines": (
        'a: str = os.environ.get("""A\n    """)',
        'a: str = os.environ.get("""A\n    """)  # cngen: ignore[CN207]',
    ),
}


@pytest.mark.parametrize("name", SILENCED)
def test_add_ignores(name: str, tmp_path: Path) -> None:
    """Then all is quiet, nothing but comments has changed, and there is nothing to add."""
    before, after = SILENCED[name]
    folder = project(tmp_path, HEAD + f"    {before}\n    last: int = 1")

    result = check(folder, "--add-ignores")

    assert source(folder).decode() == HEAD + f"    {after}\n    last: int = 1"
    assert (result.returncode, result.stdout) == (0, "")
    assert re.fullmatch(r"[12] findings? silenced in 1 file\n", result.stderr)
    again = check(folder, "--add-ignores")
    assert (again.returncode, again.stderr) == (0, "0 findings silenced\n")
    assert codes(folder) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.parent.name for path in CASES.glob("*/cn")))
def test_add_ignores_to_a_whole_tree(name: str, tmp_path: Path) -> None:
    """It has warnings of many kinds; afterwards none, and the same store."""
    shutil.copytree(CASES / name / "cn", tmp_path / "cn")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    run_cngen("build", cwd=tmp_path)
    store = (tmp_path / STORE).read_bytes()

    assert codes(tmp_path, "--add-ignores") == []
    assert codes(tmp_path) == []
    assert run_cngen("build", cwd=tmp_path).stderr.endswith("up to date\n")
    assert (tmp_path / STORE).read_bytes() == store


@pytest.mark.parametrize("name", ["crlf", "bom and crlf", "latin-1", "no final newline"])
def test_add_ignores_keeps_the_bytes(name: str, tmp_path: Path) -> None:
    comment = b"  # cngen: ignore[CN206]"
    before = KEPT[name].replace(b"  # cngen: ignore[CN207]", b"").replace(b": int", b": int | str")
    before = before.replace(b": str", b": int | str")
    folder = project(tmp_path, before)

    assert check(folder, "--add-ignores").returncode == 0
    after = source(folder)
    assert after.count(comment) == 1
    assert after.replace(comment, b"") == before


def test_what_no_comment_silences_is_told(tmp_path: Path) -> None:
    """Errors, what is wrong with comments, and a stale store."""
    folder = project(tmp_path, WRONG.replace("'many'", "'many'  # cngen: ignore"))
    assert codes(folder, "--add-ignores") == ["CN005", "CN203"]
    assert codes(folder, "--add-ignores") == ["CN005", "CN203"]

    folder = project(tmp_path / "stale", TWO)
    (folder / STORE).write_text("")
    assert codes(folder, "--add-ignores") == ["CN701"]


@pytest.mark.parametrize("value", ['"""\n    """', "\\\n        'x'"])
def test_where_a_comment_has_no_room(value: str, tmp_path: Path) -> None:
    """The finding is told, and its line is left alone."""
    line = f"    name: int | str = {value}\n"
    folder = project(tmp_path, HEAD + line + TWO.removeprefix(HEAD))

    assert lines(folder, "--add-ignores") == [(7, "CN206")]
    assert source(folder).decode().startswith(HEAD + line)
    assert source(folder).count(b"ignore[") == 2


def test_add_ignores_beside_comments_that_silence_nothing(tmp_path: Path) -> None:
    line = "    cpus: int = os.cpu_count()  # cngen: ignroe[CN207]"
    folder = project(tmp_path, HEAD + f"{line}\n")

    assert codes(folder, "--add-ignores") == ["CN006"]
    assert source(folder).decode() == HEAD + f"{line}  # cngen: ignore[CN207]\n"


def test_add_ignores_silences_what_is_chosen(tmp_path: Path) -> None:
    folder = project(tmp_path, TWO)

    assert codes(folder, "--add-ignores", "--select", "CN206") == []
    assert codes(folder) == ["CN207"]


FULL = {
    "every line has room": "1",
    "a string": '"""\n    """',
    "a backslash": "\\\n        1",
    "a backslash behind what may be a comment": '"#" + \\\n        "a"',
}


@pytest.mark.parametrize("name", FULL)
def test_add_ignores_to_a_long_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many findings there are, the source is read a few times only."""
    read: list[str] = []

    def counted(path: str, text: str) -> object:
        read.append(path)
        return scan(path, text)

    monkeypatch.setattr(fixing, "scan", counted)
    values = ["1"] * 120
    values[10:90:10] = [FULL[name]] * 8
    rows = [f"    f{i}: int | str = {value}\n" for i, value in enumerate(values)]
    folder = project(tmp_path, HEAD.replace("import os\n", "") + "".join(rows))

    told = codes(folder, "--add-ignores")

    assert len(told) == (0 if FULL[name] == "1" else 8)
    assert source(folder).count(b"# cngen: ignore[CN206]") == 120 - len(told)
    assert len(read) < (100 if "may be" in name else 5)


# Baselines


def test_baseline(tmp_path: Path) -> None:
    """What is known is passed over, wherever it moves; what is new is told."""
    folder = project(tmp_path, TWO)
    result = check(folder, "--baseline", "known.json", "--update-baseline")
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == "known.json: 2 findings\n"
    assert codes(folder, "--baseline", "known.json") == []
    assert codes(folder) == BOTH

    project(folder, TWO.replace("class", "\n\nclass") + "    new: int = os.getpid()\n")
    assert lines(folder, "--baseline", "known.json") == [(11, "CN207")]


def test_the_setting_of_a_baseline(tmp_path: Path) -> None:
    folder = project(tmp_path, TWO, 'baseline = "lint/known.json"\n')
    (folder / "lint").mkdir()
    assert check(folder, "--update-baseline").returncode == 0
    assert codes(folder) == []
    assert codes(folder, "--add-ignores") == []
    assert source(folder).decode() == TWO


def test_the_same_message_once_more_is_new(tmp_path: Path) -> None:
    twice = "    {}: int = 1  # cngen: ignore[CN207]\n"
    folder = project(tmp_path, HEAD + twice.format("a"), 'baseline = "known.json"\n')
    assert check(folder, "--update-baseline").returncode == 0
    assert codes(folder) == []

    project(folder, HEAD + twice.format("a") + twice.format("b"), 'baseline = "known.json"\n')
    assert lines(folder) == [(8, "CN007")]
    assert check(folder, "--update-baseline").stderr == "known.json: 2 findings\n"
    assert codes(folder) == []


def test_what_is_gone_from_a_baseline_is_mentioned(tmp_path: Path) -> None:
    """But not what wasn't looked for, by flags or because of an error."""
    settings = 'baseline = "known.json"\n'
    folder = project(tmp_path, TWO, settings)
    check(folder, "--update-baseline")

    assert check(folder, "--select", "CN206").stderr == ""
    assert check(folder, "--per-file-ignores", "run.py:CN207").stderr == ""
    project(folder, HEAD + "    width: int | str = 1\n", settings)
    result = check(folder)
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == (
        "known.json: 1 finding no longer occurs, run `cngen check --update-baseline`\n"
    )
    project(folder, HEAD + "    width: int | str = 1\n" + ERROR, settings)
    assert "gone" not in check(folder).stderr


def test_no_baseline_is_written_while_there_is_an_error(tmp_path: Path) -> None:
    """It could hide warnings, which would be new afterwards; a stale store hides none."""
    folder = project(tmp_path, TWO, 'baseline = "known.json"\n')
    check(folder, "--update-baseline")
    before = (folder / "known.json").read_text()
    (folder / "cn/run.py").write_text(WRONG)

    result = check(folder, "--update-baseline")

    assert (result.returncode, result.stdout) == (2, "")
    assert "no baseline written: 1 error may hide warnings\n" in result.stderr
    assert (folder / "known.json").read_text() == before
    assert codes(folder) == ["CN203"]

    (folder / "cn/run.py").write_text(HEAD.replace("import os\n", "") + "    seed: int = 1\n")
    assert codes(folder, "--update-baseline") == ["CN701"]
    assert json.loads((folder / "known.json").read_text()) == {"findings": []}


@pytest.mark.parametrize(
    "flags",
    [["--select", "CN206"], ["--ignore", "CN207"], ["--per-file-ignores", "run.py:CN207"]],
)
def test_a_baseline_keeps_what_was_not_looked_for(flags: list[str], tmp_path: Path) -> None:
    settings = 'baseline = "known.json"\n'
    folder = project(tmp_path, TWO, settings)
    check(folder, "--update-baseline")
    project(folder, TWO.replace("width: int | str", "width: int"), settings)

    result = check(folder, *flags, "--update-baseline")

    assert result.stderr == "known.json: 1 finding\n"
    assert codes(folder) == []


@pytest.mark.parametrize("file", ["pyproject.toml", "cn/run.py", "known.json"])
def test_a_baseline_replaces_no_other_file(file: str, tmp_path: Path) -> None:
    folder = project(tmp_path, TWO)
    (folder / "known.json").write_text('{"findings": 3}')
    before = (folder / file).read_bytes()

    result = check(folder, "--fix", "--baseline", file, "--update-baseline")

    assert (result.returncode, result.stdout) == (2, "")
    assert "is not a baseline file: name another file" in result.stderr
    assert (folder / file).read_bytes() == before


def test_a_baseline_is_one_finding_a_line(tmp_path: Path) -> None:
    folder = project(tmp_path, TWO, 'baseline = "known.json"\n')
    check(folder, "--update-baseline")
    text = (folder / "known.json").read_text(encoding="utf-8")

    assert len([line for line in text.splitlines() if '"file": "cn/run.py"' in line]) == 2
    check(folder, "--update-baseline")
    assert (folder / "known.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "can't read the baseline `known.json`"),
        ("", "is not a baseline file"),
        ("[]", "is not a baseline file"),
        ('{"findings": [{"file": "cn/run.py"}]}', "is not a baseline file"),
        ('{"findings": 3}', "is not a baseline file"),
        (
            '{"findings": [{"file": "f", "code": "CN206", "message": "m", "times": 0}]}',
            "is not a baseline file",
        ),
        ("\xff", "is not a baseline file"),
    ],
)
def test_a_broken_baseline_stops_the_run(content: str | None, message: str, tmp_path: Path) -> None:
    folder = project(tmp_path, TWO, 'baseline = "known.json"\n')
    if content is not None:
        (folder / "known.json").write_text(content, encoding="latin-1")

    result = check(folder)

    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert "--update-baseline" in result.stderr
    (folder / "known.json").unlink(missing_ok=True)
    assert check(folder, "--update-baseline").returncode == 0
    assert codes(folder) == []


# Output


def test_statistics(tmp_path: Path) -> None:
    folder = project(
        tmp_path, TWO + "    b: int = os.getpid()\n    c: int = 1  # cngen: ignore[CN207]\n"
    )

    result = check(folder, "--statistics")

    assert result.returncode == 1
    assert result.stdout == (
        "2  CN207  [ ] computed-default\n1  CN007  [*] unused-ignore\n1  CN206  [ ] widened-type\n"
    )
    assert "4 warnings" in result.stderr
    rows = json.loads(check(folder, "--statistics", "--format", "json").stdout)
    assert rows[0] == {"code": "CN207", "rule": "computed-default", "times": 2, "fixable": 0}
    assert [(row["code"], row["fixable"]) for row in rows[1:]] == [("CN007", 1), ("CN206", 0)]


@pytest.mark.parametrize("style", FORMATS)
def test_a_stale_store_is_a_finding_in_every_format(style: str, tmp_path: Path) -> None:
    """The full format has a list of all differences; the others are nothing but their findings."""
    folder = project(tmp_path, HEAD + "".join(f"    f{n}: int = 1\n" for n in range(5)))
    (folder / STORE).write_text((folder / STORE).read_text().replace("int = 1", "int = 2"))

    result = check(folder, "--format", style)

    assert result.returncode == 1
    assert "CN701" in result.stdout
    assert "`Run.f0` is 1, the store has 2; " in result.stdout
    assert "; and 2 more" in result.stdout
    assert ("\n  `Run.f4` is 1, the store has 2\n" in result.stdout) == (style == "full")
    if style in ("json", "gitlab", "sarif"):
        json.loads(result.stdout)
    elif style == "junit":
        ElementTree.fromstring(result.stdout)
    elif style == "github":
        assert result.stdout.startswith("::error file=cn/_generated_store.py,line=1,")


@pytest.mark.parametrize("style", FORMATS)
def test_paths_lead_from_where_the_command_runs(style: str, tmp_path: Path) -> None:
    """Twice the same, and nothing of this machine or this version in it."""
    folder = project(tmp_path, WRONG)

    result = check(folder, "--format", style)

    assert result.returncode == 1
    assert str(tmp_path) not in result.stdout
    assert check(folder, "--format", style).stdout == result.stdout
    inside = check(folder / "cn", "--format", style)
    place = '"uri": "cn/run.py"' if style == "sarif" else "cn/run.py"
    assert place in result.stdout
    assert place not in inside.stdout


def test_the_paths_of_a_diff_lead_from_where_the_command_runs(tmp_path: Path) -> None:
    folder = project(tmp_path, UNUSED)
    assert "--- a/run.py\n+++ b/run.py\n" in check(folder / "cn", "--diff").stdout

    (folder / STORE).write_text("")
    inside = check(folder / "cn", "--diff").stdout
    assert "--- a/_generated_store.py\n+++ b/_generated_store.py\n" in inside


def test_findings_are_sorted_with_the_store_among_them(tmp_path: Path) -> None:
    folder = project(tmp_path, {"z/a.py": TWO, "a.py": TWO})
    (folder / STORE).write_text("")

    found = json.loads(check(folder, "--format", "json").stdout)

    places = [(f["file"], f["line"], f["column"]) for f in found]
    assert places == sorted(places)
    assert len(places) == 5


@pytest.mark.slow
def test_a_terminal_that_lacks_a_character(tmp_path: Path) -> None:
    """It gets an escape, not a traceback."""
    folder = project(tmp_path, HEAD + '    name: int | str = "漢é"\n')
    code = "import sys; sys.stdout.reconfigure(encoding='latin-1'); from cngen.cli import main; main(['check'])"

    result = run_python("-c", code, cwd=folder)

    assert result.returncode == 1
    assert '"\\u6f22\ufffd"' in result.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs a terminal")
def test_colours_on_a_terminal_unless_no_color(tmp_path: Path) -> None:
    folder = project(tmp_path, TWO)

    assert "\x1b[" in on_a_terminal(folder, {})
    assert "\x1b[" not in on_a_terminal(folder, {"NO_COLOR": "1"})
    assert "\x1b[" not in check(folder).stdout


def on_a_terminal(folder: Path, changes: Mapping[str, str]) -> str:
    """What `cngen check` prints to a terminal."""
    import pty
    import sys

    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover
        path = os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")])
        kept = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        os.chdir(folder)
        os.execve(
            sys.executable,
            [sys.executable, "-m", "cngen", "check"],
            {**kept, "PYTHONPATH": path, "TERM": "xterm", **changes},
        )
    printed = b""
    try:
        while piece := os.read(terminal, 4096):
            printed += piece
    except OSError:  # how Linux says that the other side is closed
        pass
    os.waitpid(child, 0)
    os.close(terminal)
    assert b"CN207" in printed
    return printed.decode()


# Pages


def test_rule_by_code_and_by_name() -> None:
    by_code, by_name = (
        run_cngen("rule", "CN204", cwd=CHECKOUT),
        run_cngen("rule", "unknown-argument", cwd=CHECKOUT),
    )

    assert by_code.returncode == 0
    assert by_code.stdout.startswith("# CN204 unknown-argument\n\n*Error.*\n\n")
    assert by_name.stdout == by_code.stdout == run_cngen("rule", "cn204", cwd=CHECKOUT).stdout


@pytest.mark.parametrize(
    ("name", "hint"),
    [("CN2O4", "did you mean `CN2"), ("unknown-arguments", "did you mean `unknown-argument`?")],
)
def test_no_such_rule(name: str, hint: str) -> None:
    result = run_cngen("rule", name, cwd=CHECKOUT)

    assert (result.returncode, result.stdout) == (2, "")
    assert f"unknown rule `{name}`: {hint}" in result.stderr


@pytest.mark.parametrize("name", ["CN2", "cn", "CN20"])
def test_the_beginning_of_codes_has_no_page(name: str) -> None:
    result = run_cngen("rule", name, cwd=CHECKOUT)

    assert (result.returncode, result.stdout) == (2, "")
    assert f"`{name}` is the start of several codes: name one of them" in result.stderr


def test_one_rule_or_all() -> None:
    result = run_cngen("rule", "--all", "CN204", cwd=CHECKOUT)

    assert (result.returncode, result.stdout) == (2, "")
    assert "--all prints every rule and can't be combined with RULE" in result.stderr


def test_the_list_of_rules() -> None:
    listed = run_cngen("rule", cwd=CHECKOUT).stdout.splitlines()[2:]

    assert [line.split(" | ")[0] for line in listed] == [f"| {r.code}" for r in all_rules()]


def test_the_pages_of_all_rules() -> None:
    """One document: every rule below its category, headings nested, links that lead somewhere."""
    text = run_cngen("rule", "--all", cwd=CHECKOUT).stdout
    headings = re.findall(r"^(#+) (.+)$", re.sub(r"(?ms)^```.*?^```$", "", text), re.MULTILINE)

    assert [name for level, name in headings if level == "###"] == [
        f"{rule.code} {rule.name}" for rule in all_rules()
    ]
    assert {level for level, _ in headings} <= {"#", "##", "###", "####"}
    anchors = {name.lower().replace(" ", "-") for _, name in headings}
    assert {*re.findall(r"\]\(#([^)]+)\)", text)} <= anchors


def test_docs_rules_is_what_cngen_says() -> None:
    written = (CHECKOUT / "docs/rules.md").read_text(encoding="utf-8")

    assert written == every_page(), (
        "docs/rules.md isn't what the rules say: rewrite it with `cngen rule --all > docs/rules.md`"
    )
