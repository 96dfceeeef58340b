"""JUnit XML: each finding is a test that failed, in the suite of its file."""

from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cngen.lint.findings import Finding, Style
from cngen.text.escaping import one_line


def render(found: Sequence[Finding], style: Style) -> str:
    """Without findings one test that passed, since some readers refuse an empty report."""
    root = Element("testsuites", _counts("cngen", len(found)))
    for path, group in groupby(found, key=lambda finding: one_line(finding.path)):
        own = tuple(group)
        suite = SubElement(root, "testsuite", _counts(path, len(own)))
        for finding in own:
            _add(suite, path, finding)
    if not found:
        suite = SubElement(root, "testsuite", _counts("cngen", 0))
        SubElement(suite, "testcase", {"name": "no findings", "classname": "cngen"})
    indent(root)
    data: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return data.decode("ascii") + "\n"


def _counts(name: str, failures: int) -> dict[str, str]:
    return {
        "name": name,
        "tests": str(max(failures, 1)),
        "failures": str(failures),
        "errors": "0",
    }


def _add(suite: Element, path: str, finding: Finding) -> None:
    name = f"{finding.code} {finding.rule}".strip()
    place = f"{finding.line}:{finding.column}"
    case = SubElement(suite, "testcase", {"name": f"{name} {place}", "classname": path})
    case.set("file", path)
    case.set("line", str(finding.line))
    hint = f"\nhint: {finding.hint}" if finding.hint else ""
    failure = SubElement(case, "failure", {"message": finding.message})
    failure.set("type", finding.severity.value)
    failure.text = f"{path}:{place}: {finding.message}{hint}"
