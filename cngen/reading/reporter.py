"""Findings at a statement or an expression of a file."""

from dataclasses import dataclass

from cngen.diagnostics import Report, RuleId, Span
from cngen.reading.names import File
from cngen.syntax.facts import Expr, Statement


@dataclass(frozen=True, slots=True)
class Reporter:
    """Reports what is found in the files of one tree."""

    report: Report

    def on(self, file: File, statement: Statement, rule: RuleId, message: str, hint: str) -> None:
        self.report(rule.found(place_of(file, statement), message, hint))

    def at(self, file: File, expression: Expr, rule: RuleId, message: str, hint: str) -> None:
        self.report(
            rule.found(Span(file.source.path, expression.start, expression.end), message, hint)
        )


def place_of(file: File, statement: Statement) -> Span:
    end = getattr(statement, "end", statement.start)
    return Span(file.source.path, statement.start, end)
