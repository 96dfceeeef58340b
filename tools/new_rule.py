"""Code and name of a new rule -> its class, its page and its cases, to be filled in. Nothing is overwritten."""

import re
import sys
from pathlib import Path

from cngen.lint.pages import CATEGORIES
from cngen.lint.rules import all_rules

ROOT = Path(__file__).parents[1]

_RULE = '''\
"""{code}."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class {camel}(Rule):
    """TODO: the pattern, in one sentence.

    ## What it does
    TODO: Finds ...

    ## Why is it bad
    TODO

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
    ```
    """

    id = RuleId("{code}", "{name}")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """TODO: every ..."""
        for node in tree.nodes.values():
            if "TODO" in node.name:
                yield self.found(node.span, f"`{{node.name}}` TODO", "TODO")
'''

_CASES = """\
# {code} {name}

## TODO: what is found

```python
# cn/run.py
from cngen import CN

class Run(CN):  # expect: {code} Run
    seed: int = 0
```

## TODO: what is fine

```python
# cn/run.py
from cngen import CN

class Run(CN):
    seed: int = 0
```
"""


def problem(code: str, name: str) -> str:
    """Why there can't be such a rule; empty if there can."""
    if not re.fullmatch(rf"CN[{''.join(CATEGORIES)}]\d\d", code):
        kinds = ", ".join(f"CN{digit}xx {title}" for digit, title in CATEGORIES.items())
        return f"`{code}` is not a code: {kinds}"
    if not re.fullmatch(r"[a-z]+(-[a-z]+)+", name):
        return f"`{name}` is not a name: write words in lower case, joined by `-`"
    for rule in all_rules():
        if rule.code == code:
            return f"`{code}` is taken: {rule.name}"
        if name in (rule.name, *rule.former_names):
            return f"`{name}` is taken: {rule.code}"
    return ""


def files(code: str, name: str) -> dict[str, str]:
    """The files of a new rule, by their paths."""
    camel = "".join(word.capitalize() for word in name.split("-"))
    return {
        f"cngen/lint/rules/{name.replace('-', '_')}.py": _RULE.format(
            code=code, name=name, camel=camel
        ),
        f"tests/lint/rules/{code}_{name}.md": _CASES.format(code=code, name=name),
    }


def main(arguments: list[str], root: Path = ROOT) -> int:
    if len(arguments) != 2:
        print("usage: make new-rule CODE=CN123 NAME=some-pattern", file=sys.stderr)
        return 2
    code, name = arguments
    wrong = problem(code, name)
    new = files(code, name)
    taken = next((path for path in new if (root / path).exists()), None)
    if wrong or taken:
        print(wrong or f"`{taken}` exists", file=sys.stderr)
        return 1
    for path, text in new.items():
        (root / path).write_text(text, encoding="utf-8")
        print(path)
    print("fill in each TODO, add a plant to tests/support/mutations.py, then run:")
    print("cngen rule --all > docs/rules.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
