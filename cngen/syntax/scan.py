"""Source text -> Module: the facts of one file.

The tree is walked by hand and in source order, because libcst's metadata costs several parses.
"""

import re

import libcst as cst

from cngen import codes
from cngen.diagnostics import Diagnostic, Span
from cngen.syntax.cursor import Cursor
from cngen.syntax.depth import is_too_deep
from cngen.syntax.facts import Module
from cngen.syntax.ignores import IGNORE, ignores
from cngen.syntax.statements import StatementReader


def scan(path: str, text: str) -> Module | Diagnostic:
    """The facts of one decoded file; a text that can't be parsed is a finding.

    The facts depend on the text alone: `path` serves the finding only.
    """
    if is_too_deep(text):
        hint = "split the expression, or move it into a module that isn't a config source"
        return codes.DEEP_NESTING.found(
            Span(path, 0, 0), "the code is nested too deeply to be parsed", hint
        )
    try:
        tree = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return _syntax_error(path, text, error)
    except Exception as error:  # what libcst raises for odd names and escapes isn't documented
        return codes.INVALID_SYNTAX.found(Span(path, 0, 0), f"syntax error: {_words(str(error))}")
    try:
        body = tuple(StatementReader(Cursor(text)).statements(tree.body))
        return Module(body, tuple(ignores(text)) if IGNORE.search(text) else ())
    except RecursionError:
        return codes.DEEP_NESTING.found(
            Span(path, 0, 0), "the code is nested too deeply to be parsed"
        )


def _syntax_error(path: str, text: str, error: cst.ParserSyntaxError) -> Diagnostic:
    """The place and, in a few words, the reason that the parser gives."""
    lines = text.split("\n")
    message = error.message.removeprefix("parser error: ").removeprefix("tokenizer error: ")
    line, column = error.raw_line, error.raw_column
    at = re.match(r"error at (\d+):(\d+): ", message)
    if at:
        line, column = int(at[1]), int(at[2])
        message = message[at.end() :]
    line = min(max(line, 1), len(lines))
    start = sum(len(before) + 1 for before in lines[: line - 1]) + min(
        max(column - 1, 0), len(lines[line - 1])
    )
    return codes.INVALID_SYNTAX.found(Span(path, start, start), f"syntax error: {_words(message)}")


def _words(message: str) -> str:
    return " ".join(message.split())[:200]
