"""The mistakes that the rules find, each planted at a random place of a clean tree.

A function plants one mistake of the rule with that code and marks with `§` where it has to be found. A
rule may have several; one is drawn.
"""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import PurePosixPath

from cngen.compose.defaults import value_is_none
from cngen.model.naming import camel
from cngen.model.tree import Node
from cngen.model.types import ScalarType, mentioned_nodes, node_type
from cngen.model.values import Instance, Interpolation, Missing, Scalar

from .draft import MARK, VOCABULARY, Draft, Leaf

Plant = Callable[[Draft], None]

PLANTS: dict[str, list[Plant]] = {}

EXCEPTIONS: dict[str, str] = {
    "CN122": "about a project's own base class, which the clean trees don't have",
    "CN701": "about the store: it has a test of its own",
}
"""Rules that have no plant, each with the reason."""

SIMPLE = r"^    \w+(: [\w\[\], |]+)? = [^#({\[]+$"
"""A line that sets a field to a short value."""

NUMBERS = (ScalarType("int"), ScalarType("float"))
PLAIN = (*NUMBERS, ScalarType("bool"))


def plants(code: str) -> Callable[[Plant], Plant]:
    """Register a way to make the mistake of a rule."""

    def register(plant: Plant) -> Plant:
        PLANTS.setdefault(code, []).append(plant)
        return plant

    return register


# Mistakes that are one line of a body, or one value


IN_BODIES: dict[str, tuple[str, ...]] = {
    "CN102": ("class §Inner(CN):\n    size: int = 1",),
    "CN111": ("§__slots__ = ()", '§__slots__ = ("x",)'),
    "CN112": (
        "§def __init__(self) -> None:\n    pass",
        "§def __new__(cls):\n    return object.__new__(cls)",
    ),
    "CN201": ("§{w} = 4", '§{w} = "a"', "§{w} = [0.9, 0.99]", "§{w} = lambda: 3", "§{w} = None"),
    "CN202": (
        "§_self_: int = 1",
        "§hydra: int = 1",
        "§größe: float = 1.0",
        "§__{w}: float = 1.0",
    ),
    "CN203": (
        "{w}: int = §1e6",
        "{w}: str = §None",
        "{w}: int = §True",
        "{w}: bool = §1",
        "{w}: str = §3",
        '{w}: Path = §"x"',
        '{w}: list[int] = [1, §"a"]',
        '{w}: list[int] = [\n    1,\n    §"a",\n]',
        '{w}: dict[str, int] = {"a": §1.5}',
        "{w}: list[int] = §{1: 2}",
    ),
    "CN206": (
        '§{w}: Literal["x", "y"] = "x"',
        '§{w}: Sequence[str] = ["x"]',
        "§{w}: set[int] = {1, 2}",
        "§{w}: list[int] | dict[str, int] | None = None",
    ),
    "CN207": (
        '{w}: str = §os.environ.get("X", "x")',
        "{w}: int | None = §os.cpu_count()",
        "{w}: float = §time.time()",
        "{w}: int = §random.randint(1, 9)",
        "{w}: list[int] = §[n * os.getpid() for n in range(3)]",
        '{w}: list[str] = [\n    "x",\n    §os.environ["X"],\n]',
    ),
    "CN208": (
        '§print("x")',
        "§if True:\n    {w}: int = 1",
        "§for {w}_ in (1, 2):\n    pass",
        "§assert True",
        "{w}: int = 1\n§{w} += 2",
    ),
    "CN209": ("{w}: float = §ref('{w}_a') / 2", "{w}: str = §'x' + ref('{w}_a')"),
    "CN211": ("{w}: §Intt = 1", "{w}: list[§Intt] = [1]", '{w}: "§Intt | None" = None'),
    "CN213": (
        "§{w}: tuple[int, int] = (1, 2)",
        '§{w}: tuple[str, ...] = ("a",)',
        "§{w}: tuple[int, int] | None = None",
    ),
    "CN222": (
        "{w}: list[int] = §range(3)",
        "{w}: str = §lambda: 1",
        "{w}: list[str] = §(w for w in ('a', 'b'))",
    ),
    "CN216": (
        "§def __post__init__(self) -> None:\n    pass",
        "§def _post_init_(self) -> None:\n    pass",
        "§def __rerp__(self) -> str:\n    return ''",
        "§def __post_inti__(self) -> None: ...",
    ),
    "CN220": ("{w}: int = 1\n§{w} = 2", "{w}: int = 1\n§{w}: int = 1"),
    "CN219": (
        "§items: int = 1",
        '§get: str = "a"',
        '§keys: list[str] = ["a"]',
        "§keys: dict[str, int] = {}",
    ),
    "CN224": ("§{w}: InitVar[int] = 1", "§{w}: InitVar[str]"),
    "CN226": ("{w}: float = §UNKNOWN", "{w}: list[int] = [1, §UNKNOWN + 1]"),
    "CN227": ("{w}: float = §1 / 0", "{w}: list[int] = [1, §1 // 0]", '{w}: str = §"a".uper()'),
    "CN229": ("{w}: int = §field(init=False)", "{w}: list[int] = §field([1], [2])"),
    "CN401": (
        '{w}: str = §"${a b}"',
        '{w}: str = §"${"',
        '{w}: int = §ref("")',
        '{w}: list[str] = ["a", §"${seed"]',
        '{w}: dict[str, str] = {"a": §"${a..b}"}',
        '{w}: str = §"${oc.env:\'USER}"',
    ),
    "CN402": (
        '{w}: int = §ref(".{w}_other")',
        '{w}_a: int = 1\n{w}: str = §"runs/${.{w}_a}/${.{w}_b}"',
        '{w}: int | None = §ref("{w}_other.size")',
        '{w}: int | None = §"${oc.env:X,${{w}_other}}"',
    ),
    "CN403": (
        '{w}_name: str = "a"\n{w}: int = §ref(".{w}_name")',
        '{w}: bool = §ref(".{w}_rate")\n{w}_rate: float = 0.5',
        '{w}_sizes: list[int] = [1]\n{w}: list[int] = §ref(".{w}_sizes.0")',
    ),
    "CN406": (
        '{w}: str = §"${oc.evn:USER}"',
        "{w}: int = §\"${eval:'2 * 3'}\"",
        '{w}: list[str] = ["a", §"${upper:b}"]',
    ),
    "CN408": ('{w}: int = §ref("seed", 1)', "{w}: int = §ref(1)", "{w}: list[int] = [§ref()]"),
}
"""Lines for the body of a node that is not an experiment; `{w}` is a word of the field's."""

ON_VALUES: dict[str, tuple[str, ...]] = {
    "CN203": ("§[1]", '§"a"'),
    "CN209": ("§sweep(1, 2) * 2", "§sweep(*unknown.SEEDS)"),
    "CN523": ('§sweep(1, 2, zipp="a")', "§interval(1)", "§sweep(1, zip=3)", "§patch(1)"),
    "CN402": ('§ref("nowhere.else")', 'sweep(1, §ref("nowhere.else"))'),
    "CN501": ("§patch(a=1)", "§patch(size=sweep(1, 2))"),
    "CN502": ('sweep(1, §"a")', "sweep(1, §None)", "sweep(\n        1,\n        §[2],\n    )"),
    "CN504": ("sweep(1, 2, §1)", "sweep(3, §3, 4)", "sweep(\n        7,\n        §7,\n    )"),
    "CN506": ('§sweep(1, 2, zip="z")',),
    "CN507": ("§sweep()", "§sweep(*())"),
    "CN509": ("sweep(1, §sweep(2, 3))", "sweep(1, §interval(2, 3))"),
    "CN513": ("sweep(1, §MISSING)", "sweep(1, 2, §time.time())"),
    "CN514": ("§interval(1, 2)", "§interval(1, 20, log=True)"),
}
"""Values that an experiment gives to a number."""

IN_EXPERIMENTS: dict[str, tuple[str, ...]] = {
    "CN201": ("§{w} = 2", '§{w} = "a"'),
    "CN401": ('hydra = {"sweep": {"dir": §"out/${now:%Y"}}',),
    "CN501": ("§{w}: int = 2", '§{w}: str = "a"'),
    "CN507": ("{w} = §points()",),
    "CN510": ("{w} = points(§1)",),
    "CN517": ('defaults = §["_self_"]',),
    "CN520": (
        'hydra = {§"sweper": {}}',
        'hydra = §"x"',
        'hydra = {§"run.dir": "x"}',
        'hydra = {"launcher": {"n_jobs": §sweep(1, 2)}}',
        'hydra = {"job": {"name": §patch(a="b")}}',
    ),
}
"""Lines for the body of an experiment."""


def _in_body(line: str) -> Plant:
    def plant(draft: Draft) -> None:
        nodes = [*draft.clean.nodes, draft.clean.run]
        draft.body(draft.one(nodes), line.replace("{w}", draft.word))

    return plant


def _on_value(value: str) -> Plant:
    def plant(draft: Draft) -> None:
        draft.experiment(draft.patched(draft.leaf().path, value))

    return plant


def _in_experiment(line: str) -> Plant:
    def plant(draft: Draft) -> None:
        draft.experiment(line.replace("{w}", draft.word))

    return plant


for _code, _lines in IN_BODIES.items():
    PLANTS.setdefault(_code, []).extend(map(_in_body, _lines))
for _code, _lines in ON_VALUES.items():
    PLANTS.setdefault(_code, []).extend(map(_on_value, _lines))
for _code, _lines in IN_EXPERIMENTS.items():
    PLANTS.setdefault(_code, []).extend(map(_in_experiment, _lines))


# Text and comments


def _lone(draft: Draft) -> str:
    """A file from which no other takes anything and that sets fields: one of the tree, or a copy."""
    path = draft.one([p for p, t in draft.files.items() if re.search(SIMPLE, t, re.MULTILINE)])
    module = path.removesuffix(".py").replace("/", ".")
    if draft.random.random() < 0.5 and all(module not in text for text in draft.files.values()):
        return path
    copy = f"{PurePosixPath(draft.any_file()).parent}/{draft.word}.py"
    draft.files[copy] = draft.files[path]
    return copy


@plants("CN001")
def two_equal_signs(draft: Draft) -> None:
    draft.change(SIMPLE, lambda line: MARK + line.replace(" = ", " = = ", 1), _lone(draft))


@plants("CN001")
def a_line_that_is_not_python(draft: Draft) -> None:
    draft.change(r"^(class|from|    \w+: )", lambda line: f"{MARK}def (:\n{line}", _lone(draft))


@plants("CN001")
def a_string_that_is_never_closed(draft: Draft) -> None:
    path = _lone(draft)
    draft.change(SIMPLE, lambda line: f'{line[: line.index("=")]}= "run', path)
    draft.files[path] = MARK + draft.files[path]


@plants("CN002")
def a_byte_that_is_not_text(draft: Draft) -> None:
    empty = [path for path, text in draft.files.items() if not text]
    path = draft.one(empty) if empty and draft.random.random() < 0.5 else _lone(draft)
    at = draft.random.randint(0, len(draft.files[path]))
    draft.files[path] = f"{MARK}{draft.files[path][:at]}\udcff{draft.files[path][at:]}"


@plants("CN003")
def brackets_in_brackets(draft: Draft) -> None:
    depth = draft.random.randint(61, 200)
    path = _lone(draft)
    table = draft.one(
        [f"{'[' * depth}1{']' * depth}", "(" * depth, f"{'f(' * depth}1{')' * depth}"]
    )
    draft.change(r"^class ", lambda line: f"TABLE = {table}\n\n\n{line}", path)
    draft.files[path] = MARK + draft.files[path]


@plants("CN004")
def an_import_of_its_own(draft: Draft) -> None:
    path = draft.any_file()
    name = draft.one([n for n in VOCABULARY if n not in draft.files[path]])
    draft.change(r"^from ", lambda line: f"from cngen import {MARK}{name}\n{line}", path)


@plants("CN004")
def a_name_more_in_an_import(draft: Draft) -> None:
    path = draft.one([p for p, text in draft.files.items() if "from cngen import" in text])
    name = draft.one([n for n in VOCABULARY if n not in draft.files[path]])
    draft.change(r"^from cngen import", lambda line: f"{line}, {MARK}{name}", path)


@plants("CN008")
def a_class_that_was_renamed(draft: Draft) -> None:
    """Only one name: the place of a finding is that of the name."""
    path = draft.any_file()
    module = f"{draft.root.replace('/', '.')}.run"
    text = f"from {module} import §{draft.name}"
    draft.change(r"^from ", lambda line: f"{text}\n{line}", path)


@plants("CN008")
def a_module_that_was_moved(draft: Draft) -> None:
    path = draft.any_file()
    module = f"{draft.root.replace('/', '.')}.{draft.word}"
    lines = (f"from {module} import §{draft.name}", f"import §{module}", f"import §{module} as x")
    draft.change(r"^from ", lambda line: f"{draft.one(lines)}\n{line}", path)


def _comment(draft: Draft, comment: str) -> None:
    """A comment behind a statement or on a line of its own."""
    is_own = draft.random.random() < 0.5
    indent = draft.one(["", "    "]) if is_own else "  "

    def edit(line: str) -> str:
        return f"{indent}{comment}\n{line}" if is_own else f"{line}{indent}{comment}"

    draft.change(r"^(class|from|import|    \w+(: [^#]+)? = )[^#]*$", edit)


@plants("CN005")
def an_ignore_without_codes(draft: Draft) -> None:
    _comment(draft, draft.one(["§# cngen: ignore", "§# cngen: ignore[]"]))


@plants("CN006")
def an_ignore_of_what_is_not_there(draft: Draft) -> None:
    codes = ["§CN999", "§cn207", "§CN2", "§computed-default", "§CN203", "§CN502"]
    comment = f"# cngen: ignore[{draft.one(codes)}]"
    _comment(draft, draft.one([comment, "§# cngen: ignored[CN207]"]))


@plants("CN007")
def an_ignore_of_nothing(draft: Draft) -> None:
    code = draft.one(["CN004", "CN110", "CN206", "CN207", "CN213", "CN306", "CN506"])
    _comment(draft, f"# cngen: ignore[§{code}]")


# Classes and groups


@plants("CN101")
def a_base_that_nothing_defines(draft: Draft) -> None:
    node = draft.one(draft.clean.nodes)
    before, bases = draft.one(
        [
            ("", "§Unknown"),
            ("", "§Unknown, {n}"),
            ("", "{n}, §Unknown"),
            ("from torch import *\n\n\n", "§Module"),
            ("def make():\n    return object\n\n\n", "§make()"),
        ]
    )
    text = f"{before}class {draft.name}({bases}):\n    {draft.word}: int = 1\n"
    draft.append(draft.beside(node), text.replace("{n}", node.name))


@plants("CN102")
def a_node_in_a_block(draft: Draft) -> None:
    block = draft.one(["if True", "def make()", "for _ in (1, 2)", "with open('a')"])
    text = f"{block}:\n    class {MARK}{draft.name}(CN):\n        pass\n"
    draft.append(draft.any_file(), text)


@plants("CN103")
def an_option_twice(draft: Draft) -> None:
    first = draft.one(draft.clean.options)
    other = draft.one(draft.options(first)[:1] or [first])
    keyword = draft.one([f'name="{other.option}"', f'aliases=["{first.group}/{other.option}"]'])
    draft.option(first, f"{MARK}{draft.name}({keyword})", path=first.span.file)


@plants("CN103")
def options_that_differ_by_case(draft: Draft) -> None:
    node = draft.one(draft.clean.options)
    name = (node.option or "").upper()
    draft.option(node, f'{MARK}{draft.name}(name="{name}")', path=node.span.file)


@plants("CN104")
def a_module_beside_a_folder(draft: Draft) -> None:
    folders = {str(PurePosixPath(path).parent) for path in draft.clean.files} - {draft.root}
    text = draft.one(["", '"""Nothing."""\n', "WIDTH = 3\n"])
    draft.write(f"{draft.one(sorted(folders))}.py", MARK + text)


@plants("CN105")
def an_option_that_is_a_value(draft: Draft) -> None:
    node = draft.one(draft.clean.options)
    heads = ["§Null", "§TRUE", "§Inf", '§A(name="1")', '§A(name="1e3")', '§A(name="a,b")', "§Größe"]
    alias = f'§A(aliases=["{node.group}/true"])'
    draft.option(node, draft.one([*heads, '§A(name="a.yaml")', alias]))


@plants("CN106")
def a_folder_that_cannot_be_a_group(draft: Draft) -> None:
    folder = draft.one(["2d", "hydra", "hydra/launcher", "a b", "größe"])
    text = f"class {MARK}{draft.name}(CN):\n    size: int = 1\n\n\nclass Other(CN):\n    size: int = 1\n"
    draft.write(f"{draft.root}/{folder}/{draft.word}.py", text)


@plants("CN106")
def a_keyword_that_cannot_be_a_group(draft: Draft) -> None:
    keyword = draft.one(['group="x//y"', 'group="2d"', 'group="hydra"'])
    text = f"class {MARK}{draft.name}(CN, {keyword}):\n    size: int = 1\n"
    draft.append(draft.any_file(), text)


@plants("CN107")
def bases_of_each_other(draft: Draft) -> None:
    base = draft.one(draft.clean.nodes)
    text = draft.one(
        [
            "class §{n}({n}, {b}):\n    pass\n",
            "class §{n}(Other, {b}):\n    pass\n\n\nclass Other({n}, {b}):\n    pass\n",
        ]
    )
    draft.append(draft.beside(base), text.replace("{n}", draft.name).replace("{b}", base.name))


@plants("CN108")
def a_keyword_that_classes_lack(draft: Draft) -> None:
    keyword = draft.one(
        ["§abstrct=True", "§nme='a'", "§aliases='quick'", "§group=3", "§launcher=1"]
    )
    _keyword(draft, draft.one(list(draft.clean.tree.nodes.values())), keyword)


@plants("CN109")
def a_class_whose_longer_names_are_taken(draft: Draft) -> None:
    node = draft.one([n for n in draft.clean.nodes if n.bases])
    base = draft.clean.tree.nodes[node.bases[0]]
    path = f"{PurePosixPath(node.span.file).parent}/{draft.word}_.py"
    draft.option(base, f'{node.name}(name="{draft.word}")', path=path)
    group, file = camel(node.group), camel(f"{draft.word}_")
    module = camel(path.removesuffix(".py"))
    for name in (group, group + file, MARK + module):
        draft.option(base, name + node.name, path=path)


@plants("CN110")
def a_group_as_before(draft: Draft) -> None:
    node = draft.one(draft.clean.nodes)
    draft.body(node, f'§_group = "{node.group}"')


@plants("CN111")
def a_decorator(draft: Draft) -> None:
    decorator = draft.one(
        ["@§dataclass(frozen=True)", "@§dataclass(slots=True)", "@§functools.total_ordering"]
    )
    node = draft.one([*draft.clean.nodes, draft.clean.run])
    draft.change(rf"^class {node.name}\W", lambda line: f"{decorator}\n{line}", node.span.file)


@plants("CN113")
def bases_without_an_order(draft: Draft) -> None:
    base = draft.one(draft.clean.nodes)
    path = draft.beside(base)
    draft.option(base, draft.name, path=path)
    draft.append(path, f"class Wide({draft.name}):\n    pass\n")
    draft.append(path, f"class {MARK}Both({draft.name}, Wide):\n    pass\n")


@plants("CN114")
def a_field_of_another_name(draft: Draft) -> None:
    annotated, node = _typed(draft)
    default = draft.one(["{n} = {o}()", "{n}", "{n} | None = None"])
    default = default.replace("{n}", annotated.name).replace("{o}", node.name)
    draft.primary(f"{MARK}{draft.word}: {default}")


@plants("CN115")
def an_alias_of_itself(draft: Draft) -> None:
    found = [n for n in draft.clean.options if "name=" not in _header(draft, n)]
    node = draft.one(found)
    alias = draft.one([f"{node.group}/{node.option}", f"{draft.word}/{node.option}"])
    _keyword(draft, node, f'aliases=[{MARK}"{alias}"]')


@plants("CN115")
def an_alias_twice(draft: Draft) -> None:
    node = draft.one(draft.clean.options)
    alias = f"{node.group}/{draft.word}"
    _keyword(draft, node, f'aliases=["{alias}", {MARK}"{alias}"]')


def _header(draft: Draft, node: Node) -> str:
    text = draft.files[node.span.file]
    return text[text.index(f"class {node.name}(") :].partition("\n")[0]


def _keyword(draft: Draft, node: Node, keyword: str) -> None:
    """A keyword more on the line of an existing class."""
    draft.change(
        rf"^class {node.name}\W", lambda line: line.replace("):", f", {keyword}):"), node.span.file
    )


@plants("CN116")
def a_group_in_other_case(draft: Draft) -> None:
    node = draft.one(draft.clean.options)
    group = draft.one([node.group.title(), node.group.upper()])
    text = f'class {MARK}{draft.name}({node.name}, group="{group}"):\n    pass\n'
    draft.write(f"{draft.root}/z_{draft.word}.py", text)


@plants("CN116")
def an_alias_in_other_case(draft: Draft) -> None:
    node = draft.one(draft.clean.options)
    draft.option(node, f'{MARK}{draft.name}(aliases=["{node.group.title()}/{draft.word}"])')


@plants("CN117")
def an_option_in_another_folder(draft: Draft) -> None:
    _, node = _typed(draft, is_dict=False)
    body = f"class {MARK}{draft.name}({node.name}):\n    pass\n"
    draft.write(f"{draft.root}/{node.group}s/{draft.word}.py", body)


@plants("CN118")
def a_group_that_nothing_holds(draft: Draft) -> None:
    text = f"class {MARK}{draft.name}(CN):\n    size: int = 1\n\n\nclass Other({draft.name}):\n    pass\n"
    group = draft.one(
        [draft.word, f"{draft.word}/deep", f"{draft.one(draft.clean.nodes).group}/{draft.word}"]
    )
    draft.write(f"{draft.root}/{group}/base.py", text)


@plants("CN119")
def a_file_that_no_import_names(draft: Draft) -> None:
    base = draft.one(draft.clean.nodes)
    folder = PurePosixPath(base.span.file).parent
    file = draft.one([f"{draft.word}-x", f"2{draft.word}", "class"])
    body = "def area(self) -> int:\n        return 1"
    draft.option(base, f"{MARK}{draft.name}", body, path=f"{folder}/{file}.py")


@plants("CN120")
def a_method_left_abstract(draft: Draft) -> None:
    base = draft.one(draft.clean.nodes)
    text = f"import abc\n\n\nclass {MARK}{draft.name}({base.name}, abc.ABC):\n"
    text += "    @abc.abstractmethod\n    def at(self) -> int: ...\n"
    draft.append(draft.beside(base), text)


@plants("CN121")
def a_class_from_the_store(draft: Draft) -> None:
    base = draft.one(draft.clean.nodes)
    text = f"from {draft.clean.package}._generated_store import {MARK}Run as Other\n\n\n"
    text += f"class {draft.name}({base.name}):\n    def at(self) -> type[Other]:\n        return Other\n"
    draft.append(draft.beside(base), text)


# Fields and values


@plants("CN201")
def a_missing_annotation(draft: Draft) -> None:
    words = Counter(word for text in draft.files.values() for word in re.findall(r"\w+", text))
    once = "|".join(word for word, count in words.items() if count == 1)
    draft.change(
        rf"^    ({once}): [\w| ]+ = ",
        lambda line: f"    {MARK}{line.strip().partition(':')[0]} = {line.partition(' = ')[2]}",
    )


@plants("CN203")
def another_value_in_a_line(draft: Draft) -> None:
    draft.change(
        r"^    \w+: (int|float|bool) = [^(]+$",
        lambda line: f'{line[: line.index(" = ")]} = {MARK}"a"',
    )


@plants("CN203")
def an_argument_of_another_type(draft: Draft) -> None:
    annotated, (node, field) = _typed_field(draft)
    draft.primary(f'{draft.word}: {annotated.name} = {node.name}({field}=§"a")')


@plants("CN204")
def a_keyword_misspelled(draft: Draft) -> None:
    def edit(line: str) -> str:
        at = draft.one(
            [i for i, c in enumerate(line) if c == "=" and line[i + 1 : i + 2] not in " ="]
        )
        at = at if line[at - 1] != " " else line.rindex("=")
        start = max(line.rindex(c, 0, at) for c in "( ," if c in line[:at]) + 1
        return f"{line[:start]}{MARK}{line[start:at]}x{line[at:]}"

    draft.change(r"^    (?!.*(sweep|interval|patch)\().*\b[A-Z]\w*\(\w+=", edit)


@plants("CN204")
def a_patch_of_what_is_not_there(draft: Draft) -> None:
    leaf, _ = draft.one(_held(draft))
    draft.experiment(draft.patched(leaf.path, f"patch(§{draft.word}=1)"))


@plants("CN204")
def an_argument_that_is_not_there(draft: Draft) -> None:
    annotated, node = _typed(draft)
    draft.primary(f"{draft.word}: {annotated.name} = {node.name}(§{draft.word}=1)")


def _typed(draft: Draft, is_dict: bool = True) -> tuple[Node, Node]:
    """A node that is the type of a field, and an option that such a field may hold."""
    annotated = draft.one(draft.annotated(is_dict))
    return annotated, draft.one(draft.options(annotated))


def _typed_field(draft: Draft) -> tuple[Node, tuple[Node, str]]:
    """The same for an option that has a plain field, with the field."""
    found = [(a, o) for a in draft.annotated() for o in draft.options(a)]
    node, field = _field(draft, [option for _, option in found])
    return draft.one([a for a, option in found if option is node]), (node, field)


def _field(draft: Draft, nodes: list[Node]) -> tuple[Node, str]:
    """One of the nodes, and a plain field of it."""
    found = [
        (node, field.name)
        for node in nodes
        for field in node.fields
        if field.type in PLAIN and isinstance(field.default, Scalar)
    ]
    return draft.one(found)


@plants("CN205")
def a_field_of_another_type(draft: Draft) -> None:
    node, field = _field(draft, draft.annotated())
    draft.option(node, draft.name, f'§{field}: list[str] = ["a"]')


@plants("CN205")
def two_bases_of_two_types(draft: Draft) -> None:
    node, field = _field(draft, draft.annotated())
    mixin = f'class Mixin(CN, abstract=True):\n    {field}: list[str] = ["a"]\n'
    path = draft.append(draft.beside(node), mixin)
    draft.append(path, f"class {MARK}{draft.name}(Mixin, {node.name}):\n    pass\n")


@plants("CN225")
def a_method_with_the_name_of_a_field(draft: Draft) -> None:
    node = draft.one([n for n in draft.clean.nodes if n.fields])
    field = draft.one(node.fields).name
    draft.option(node, draft.name, f"§def {field}(self): ...")


@plants("CN228")
def an_argument_by_position(draft: Draft) -> None:
    annotated, node = _typed(draft)
    value = draft.one([f"{node.name}(1.0)", f"{node.name}(**unknown)"])
    draft.primary(f"{draft.word}: {annotated.name} = {MARK}{value}")


@plants("CN209")
def nodes_of_a_loop(draft: Draft) -> None:
    node = draft.one(draft.clean.options)
    draft.primary(f"{draft.word}: list[{node.name}] = §[{node.name}() for _ in range(id(3))]")


@plants("CN210")
def a_member_that_is_not_there(draft: Draft) -> None:
    enum = draft.one(list(draft.clean.tree.enums.values())).name
    value = draft.one([f"{enum}.FULLL", f'{enum}["FULLL"]', f"{enum}(99)", f'{enum}("fulll")'])
    node = draft.one([*draft.clean.nodes, draft.clean.run])
    draft.body(node, f"{draft.word}: {enum} = {MARK}{value}")


@plants("CN210")
def a_member_misspelled(draft: Draft) -> None:
    members = [f"{e.name}.{m}" for e in draft.clean.tree.enums.values() for m, _ in e.members]
    draft.change(
        rf"^    \w+.* = ({'|'.join(members)})$",
        lambda line: line.replace(" = ", f" = {MARK}") + "X",
    )


@plants("CN211")
def a_type_misspelled(draft: Draft) -> None:
    draft.change(r"^    \w+: int = ", lambda line: line.replace(": int", f": {MARK}Intt"))


@plants("CN214")
def one_list_for_two_fields(draft: Draft) -> None:
    kind, value = draft.one(
        [("list[str]", '["a"]'), ("dict[str, int]", '{"a": 1}'), ("list[str]", "[]")]
    )
    node = draft.one([*draft.clean.nodes, draft.clean.run])
    path = node.span.file
    others = [n for n in [*draft.clean.nodes, draft.clean.run] if n.span > node.span]
    second = draft.one([node, *others])
    if second is node:
        draft.body(node, f"{draft.word}_a: {kind} = VALUES\n{draft.word}_b: {kind} = §VALUES")
    else:
        draft.body(node, f"{draft.word}_a: {kind} = VALUES")
        draft.body(second, f"{draft.word}_b: {kind} = §VALUES")
    before, _, after = draft.files[path].partition("\nclass ")
    draft.files[path] = f"{before}\nVALUES = {value}\n\n\nclass {after}"
    if second.span.file != path:
        draft.take(second.span.file, path, "VALUES")


@plants("CN215")
def a_field_that_is_replaced(draft: Draft) -> None:
    free = [n for n in draft.clean.nodes if "__post_init__" not in draft.files[n.span.file]]
    node, field = _field(draft, free)
    value = draft.one([f"self.{field} * 2", "3", f"self.{field} + 1"])
    text = f"def __post_init__(self) -> None:\n    §self.{field} = {value}"
    draft.body(node, f"\n{text}", last=True)


@plants("CN217")
def a_member_twice(draft: Draft) -> None:
    value = draft.one(['"a"', "1", "(1, 2)"])
    text = f"class {draft.name}(Enum):\n    FAST = {value}\n    SLOW = 9\n    §QUICK = {value}\n"
    draft.append(draft.any_file(), text)


@plants("CN217")
def a_member_more(draft: Draft) -> None:
    enum = draft.one(list(draft.clean.tree.enums.values()))
    path = next(p for p, text in draft.files.items() if f"class {enum.name}(" in text)
    first, last = draft.one(enum.members)[0], enum.members[-1][0]
    value = re.search(rf"^    {first} = (\S+)", draft.files[path], re.MULTILINE)
    assert value is not None
    member = f"    {MARK}{draft.name.upper()} = {value[1]}"
    draft.change(rf"^    {last} = ", lambda line: f"{line}\n{member}", path)


@plants("CN218")
def one_name_for_two_values(draft: Draft) -> None:
    tree = draft.clean.tree
    held = [tree.nodes[key] for key in sorted({leaf.node for leaf in draft.clean.leaves})]
    one = draft.one(held)
    other = draft.one([node for node in held if node.group != one.group])
    first, later = sorted((one, other), key=lambda node: node.span)
    draft.body(first, f"{draft.word}: int = 1")
    draft.body(later, f"§{draft.word}: int = {draft.one([2, 3])}")


# Nodes in nodes


def _apart(draft: Draft, nodes: list[Node]) -> tuple[Node, Node]:
    """Two nodes of which neither is the other."""
    tree = draft.clean.tree
    node = draft.one(nodes)
    others = [n for n in draft.clean.options if not tree.is_a(n.key, node.key)]
    return node, draft.one(others)


@plants("CN223")
def a_class_that_is_not_called(draft: Draft) -> None:
    node = draft.one([n for n in draft.annotated() if n.option is not None])
    field = draft.one(["{w}: {n} = §{n}", "{w}: {n} | None = §{n}"])
    draft.primary(field.replace("{w}", draft.word).replace("{n}", node.name))


@plants("CN301")
def a_default_of_another_class(draft: Draft) -> None:
    node, other = _apart(draft, draft.annotated())
    field = draft.one(
        [
            "{w}: {n} = §{o}()",
            "{w}: {n} | None = §{o}()",
            "{w}: list[{n}] = [{n}(), §{o}()]",
            '{w}: dict[str, {n}] = {"a": §{o}()}',
        ]
    )
    draft.primary(
        field.replace("{w}", draft.word).replace("{n}", node.name).replace("{o}", other.name)
    )


@plants("CN302")
def an_option_without_its_base(draft: Draft) -> None:
    field = draft.one(["{w}: Kind = Kind()", "{w}: Kind", '{w}: dict[str, Kind] = {{"a": Kind()}}'])
    _kinds(draft, field.format(w=draft.word))


@plants("CN313")
def an_option_that_none_chooses(draft: Draft) -> None:
    _kinds(draft, f"{draft.word}: Kind | None = None")


def _kinds(draft: Draft, field: str) -> None:
    """A group with an odd option, and a config with a field of its other options' type."""
    named = {"Kind": "CN", "Third": "Kind", "Stray": "CN"}
    texts = [f'class {n}({b}, group="kinds"):\n    size: int = 1\n' for n, b in named.items()]
    config = f"class {draft.name}(CN):\n    {MARK}{field}\n"
    draft.append(f"{draft.root}/{draft.word}.py", "\n\n".join([*texts, config]))


@plants("CN311")
def an_option_that_hydra_does_not_have(draft: Draft) -> None:
    group = draft.one(["launcher", "job_logging", "sweeper", "env"])
    draft.primary(f'defaults = ["_self_", §{{"override hydra/{group}": "nothing"}}]')


@plants("CN312")
def a_list_where_none_is_followed(draft: Draft) -> None:
    _, node = _typed(draft)
    entry = f'{{"/{node.group}@x.a.b": "{node.option}"}}'
    part = (
        f'class Part(CN, group="parts"):\n    x: dict = {{}}\n    defaults = ["_self_", {entry}]\n'
    )
    config = f"class {draft.name}(CN):\n    many: list[Part] = [{MARK}Part()]\n"
    draft.append(f"{draft.root}/{draft.word}.py", f"{part}\n\n{config}")


@plants("CN303")
def a_default_that_holds_itself(draft: Draft) -> None:
    annotated, node = _typed(draft)
    field = draft.one(
        [
            '{w}: "{n}" = §{o}()',
            '{w}: "{n} | None" = §{o}()',
            '{w}: "dict[str, {n}]" = {"a": §{o}()}',
            '{w}: "list[{n}]" = [\n    §{o}(),\n]',
        ]
    )
    field = field.replace("{w}", draft.word).replace("{n}", annotated.name)
    draft.body(node, field.replace("{o}", node.name))


@plants("CN304")
def an_abstract_default(draft: Draft) -> None:
    node = draft.one([n for n in draft.clean.nodes if n.option is None])
    field = draft.one(
        ["{w}: {n} = §{n}()", "{w}: {n} | None = §{n}()", '{w}: dict[str, {n}] = {"a": §{n}()}']
    )
    draft.primary(field.replace("{w}", draft.word).replace("{n}", node.name))


@plants("CN304")
def an_abstract_node_swept(draft: Draft) -> None:
    found = [(leaf, n) for leaf, n in _held(draft) if n.option is None]
    leaf, node = draft.one(found)
    good = draft.one(draft.options(node))
    draft.experiment(draft.patched(leaf.path, f"sweep({good.name}(), §{node.name}())"))


def _held(draft: Draft) -> list[tuple[Leaf, Node]]:
    """The fields that hold a node in the primary config, with the nodes of their types."""
    nodes = draft.clean.tree.nodes
    found = [(leaf, node_type(leaf.type)) for leaf in draft.clean.leaves]
    return [
        (leaf, nodes[t.node])
        for leaf, t in found
        if t is not None and isinstance(leaf.value, Instance)
    ]


def _held_number(draft: Draft) -> tuple[Leaf, Node, str]:
    """Such a field, an option for it, and a number that the option has."""
    found = [
        (leaf, option, field.name)
        for leaf, node in _held(draft)
        for option in draft.options(node)
        for field in option.fields
        if field.type in NUMBERS
    ]
    return draft.one(found)


@plants("CN305")
def a_wrong_list(draft: Draft) -> None:
    annotated, node = _typed(draft)
    right = f'{{"{node.group}@{draft.word}": "{node.option}"}}'
    wrong = draft.one(
        [
            f'"_self_", {right}, §{{"overide {node.group}": "{node.option}"}}',
            f'"_self_", {right}, §{{"nothing@{draft.word}": "a"}}',
            f'"_self_", {right}, §4',
            f'"_self_", {right}, §{{}}',
            f'"_self_", {right}, §"_self_"',
            f'"_self_", {right}, §{{"{node.group}@seed": "{node.option}"}}',
            f'"_self_", §{{"{node.group}@{draft.word}": "nothing"}}',
        ]
    )
    draft.primary(f"{draft.word}: {annotated.name} = MISSING\n    defaults = [{wrong}]")


@plants("CN305")
def self_behind(draft: Draft) -> None:
    annotated, node = _typed(draft)
    right = f'{{"{node.group}@{draft.word}": "{node.option}"}}'
    entries = draft.one([f'{right}, "_self_"', right])
    draft.primary(f"{draft.word}: {annotated.name} = MISSING\n    defaults = §[{entries}]")


@plants("CN306")
def a_key_that_cannot_be_in_a_package(draft: Draft) -> None:
    annotated, node = _typed(draft)
    key = draft.one(["2d", "a b", "a.b", "größe", ""])
    draft.primary(f'{draft.word}: dict[str, {annotated.name}] = §{{"{key}": {node.name}()}}')


@plants("CN307")
def a_field_that_is_unset_again(draft: Draft) -> None:
    annotated, name = _field(draft, draft.annotated())
    tree, field = draft.clean.tree, annotated.field(name)
    assert field is not None and isinstance(field.type, ScalarType)
    nodes = [n for n in draft.clean.nodes if n.group == annotated.group]
    node = draft.one([n for n in nodes if tree.is_a(n.key, annotated.key)])
    draft.option(node, draft.name, draft.one([f"{name} = §MISSING", f"§{name}: {field.type.name}"]))


@plants("CN307")
def an_argument_that_is_unset(draft: Draft) -> None:
    annotated, (node, field) = _typed_field(draft)
    draft.primary(f"{draft.word}: {annotated.name} = {node.name}({field}=§MISSING)")


@plants("CN308")
def a_default_that_a_list_passes_over(draft: Draft) -> None:
    annotated, node = _typed(draft)
    lists = ['["_self_"]', f'["_self_", {{"{node.group}@{draft.word}_x": "{node.option}"}}]']
    more = (
        f"\n    {draft.word}_x: {annotated.name} = MISSING" if draft.random.random() < 0.5 else ""
    )
    text = (
        f"{draft.word}: {annotated.name} = §{node.name}(){more}\n    defaults = {lists[bool(more)]}"
    )
    draft.primary(text)


@plants("CN310")
def a_list_that_is_not_inherited(draft: Draft) -> None:
    annotated, node = _typed(draft)
    entry = f'{{"{node.group}@{draft.word}": "{node.option}"}}'
    draft.primary(f'{draft.word}: {annotated.name} = MISSING\n    defaults = ["_self_", {entry}]')
    path = next(p for p, text in draft.files.items() if f"class {draft.name}(" in text)
    draft.append(path, f"class §Later({draft.name}):\n    size: int = 1\n")


@plants("CN310")
def a_list_of_an_option(draft: Draft) -> None:
    nodes = draft.clean.options
    base = draft.one([n for n in nodes if not any(mentioned_nodes(f.type) for f in n.fields)])
    path = draft.beside(base)
    draft.option(base, draft.name, 'defaults = ["_self_"]', path=path)
    draft.append(path, f"class §Later({draft.name}):\n    pass\n")


@plants("CN309")
def a_field_without_options(draft: Draft) -> None:
    field = draft.one(["{n} | None = None", "{n}", "dict[str, {n}] = {}", "{n} = MISSING"])
    text = f"class {draft.name}(CN, abstract=True):\n    size: int = 1\n"
    path = draft.write(f"{draft.root}/{draft.word}/base.py", text)
    node = draft.one([*draft.clean.options, draft.clean.run])
    draft.body(node, f"{MARK}{draft.word}: {field.replace('{n}', draft.name)}")
    draft.take(node.span.file, path, draft.name)


# Interpolations


@plants("CN404")
def interpolations_of_each_other(draft: Draft) -> None:
    lines = draft.one(
        [
            '{w}_a: int = §ref(".{w}_b")\n{w}_b: int = ref(".{w}_a")',
            '{w}: int = §ref(".{w}")',
            '{w}_a: str = §"x${.{w}_b}"\n{w}_b: str = "${oc.env:X,${.{w}_a}}"',
            '{w}: list[int] = [1, §"${.1}"]',
        ]
    )
    nodes = [n for n in draft.clean.nodes if n.key in draft.clean.held]
    draft.body(draft.one([*nodes, draft.clean.run]), lines.replace("{w}", draft.word))


@plants("CN221")
def a_default_of_a_plain_class(draft: Draft) -> None:
    nodes = [
        node for node in draft.clean.options if any(f.name in node.declared for f in node.fields)
    ]
    node, mixin = draft.one(nodes), f"{draft.name}Mixin"
    field = draft.one([f for f in node.fields if f.name in node.declared])
    path = draft.beside(node)
    draft.append(path, f"class {mixin}:\n    {field.name} = None\n")
    draft.append(path, f"class {draft.name}({MARK}{mixin}, {node.name}):\n    pass\n")


@plants("CN405")
def a_key_of_one_option(draft: Draft) -> None:
    found = [(leaf, name) for leaf, node in _held(draft) for name in _partial(draft.options(node))]
    leaf, name = draft.one(found)
    key = ".".join((*leaf.path, name))
    value = draft.one([f'Any = §ref("{key}")', f'str = §"x${{{key}}}"'])
    draft.body(draft.clean.run, f"{draft.word}: {value}")


def _partial(options: list[Node]) -> list[str]:
    """The fields that some options have and others lack."""
    count = Counter(field.name for option in options for field in option.fields)
    return sorted(name for name, times in count.items() if times < len(options))


@plants("CN407")
def a_key_that_an_experiment_removes(draft: Draft) -> None:
    _, node = draft.one(_held(draft))
    option, word = draft.one(draft.options(node)).name, draft.word
    table = f'{{"a": {option}(), "b": {option}()}}'
    draft.body(draft.clean.run, f"{word}: dict[str, {node.name}] = {table}")
    draft.body(draft.clean.run, f'{word}_a: Any = ref("{word}.a")')
    draft.experiment(f'{word} = §{{"b": {option}()}}')


# Experiments


@plants("CN501")
def a_patch_of_none(draft: Draft) -> None:
    empty = [one for one in draft.clean.leaves if value_is_none(one.value) and node_type(one.type)]
    draft.experiment(draft.patched(draft.one(empty).path, "§patch(size=1)"))


@plants("CN501")
def a_sweep_of_what_is_not_there(draft: Draft) -> None:
    leaf, node = draft.one(_held(draft))
    value = draft.one(["sweep(1, 2)", "sweep(0.5, 1.5)"])
    option = draft.one(draft.options(node))
    draft.experiment(draft.patched(leaf.path, f"{option.name}(§{draft.word}={value})"))


@plants("CN502")
def a_swept_node_of_another_class(draft: Draft) -> None:
    leaf, node = draft.one(_held(draft))
    good = draft.one(draft.options(node)).name
    _, other = _apart(draft, [node])
    bad = draft.one([f"{other.name}()", "1", '"a"'])
    draft.experiment(draft.patched(leaf.path, f"sweep({good}(), §{bad})"))


@plants("CN502")
def an_interval_that_is_wrong(draft: Draft) -> None:
    value = draft.one(['interval(1, §"a")', "§interval(3, 1)", "interval(§0, 1, log=True)"])
    line = draft.patched(draft.leaf().path, value)
    draft.experiment(line, keywords=', sweeper="optuna"')


@plants("CN503")
def a_patch_below_a_sweep(draft: Draft) -> None:
    leaf, option, field = _held_number(draft)
    sweep = f"sweep({option.name}({field}=5), {option.name}({field}=6))"
    before = f"class Swept(Run):\n    {draft.patched(leaf.path, sweep)}\n\n\n"
    draft.experiment(draft.patched((*leaf.path, field), "§7"), before=before, base="Swept")


@plants("CN503")
def swept_then_set(draft: Draft) -> None:
    numbers = [
        one.path[0] for one in draft.clean.leaves if len(one.path) == 1 and one.type in NUMBERS
    ]
    values = draft.one([("sweep(1, 2)", "3"), ("3", "sweep(1, 2)")])
    name = draft.one(numbers)
    draft.experiment(f"{name} = {values[0]}", f"§{name} = {values[1]}")


@plants("CN525")
def a_point_that_sets_what_is_set(draft: Draft) -> None:
    path = draft.leaf().path
    before = f"class {draft.name}Small(Run):\n    {draft.patched(path, '2')}\n\n\n"
    value = draft.one(["3", "sweep(3, 4)"])
    draft.experiment(
        draft.patched(path, value), f"{draft.word} = points(§{draft.name}Small)", before=before
    )


@plants("CN524")
def a_value_for_what_a_primary_config_sweeps(draft: Draft) -> None:
    path, name = draft.leaf().path, f"{draft.name}Swept"
    swept = f"class {name}(Run):\n    {draft.patched(path, 'sweep(1, 2)')}\n"
    source = draft.write(f"{draft.root}/{draft.word}_swept.py", swept)
    draft.take(draft.experiment(draft.patched(path, "§7"), base=name), source, name)


@plants("CN526")
def a_sweep_beside_a_parameter(draft: Draft) -> None:
    path = draft.leaf().path
    params = f'hydra = {{"sweeper": {{"params": {{§"{".".join(path)}": "1,2"}}}}}}'
    draft.experiment(draft.patched(path, "sweep(1, 2)"), params)


@plants("CN504")
def a_node_twice(draft: Draft) -> None:
    leaf, node = draft.one(_held(draft))
    good = draft.one(draft.options(node)).name
    draft.experiment(draft.patched(leaf.path, f"sweep({good}(), §{good}())"))


@plants("CN504")
def an_experiment_twice(draft: Draft) -> None:
    before = f"class {draft.name}Small(Run):\n    {draft.patched(draft.leaf().path, '2')}\n\n\n"
    draft.experiment(f"{draft.word} = points({draft.name}Small, §{draft.name}Small)", before=before)


def _two(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Two numbers that lie in different fields of the primary config."""
    one = draft.leaf().path
    numbers = [leaf.path for leaf in draft.clean.leaves if leaf.type in NUMBERS]
    return one, draft.one([path for path in numbers if path[0] != one[0]])


@plants("CN504")
def a_zipped_point_twice(draft: Draft) -> None:
    one, other = _two(draft)
    lines = (
        draft.patched(one, 'sweep(1, 1, §1, zip="z")'),
        draft.patched(other, 'sweep(7, 8, 7, zip="z")'),
    )
    draft.experiment(*lines)


@plants("CN505")
def zips_of_two_lengths(draft: Draft) -> None:
    one, other = _two(draft)
    first = draft.patched(one, 'sweep(1, 2, zip="z")')
    second = draft.patched(other, '§sweep(1, 2, 3, zip="z")')
    if draft.random.random() < 0.5:
        draft.experiment(first, second)
    else:
        draft.experiment(second, before=f"class Base(Run):\n    {first}\n\n\n", base="Base")


@plants("CN508")
def a_sweep_in_a_node(draft: Draft) -> None:
    node, field = _field(draft, draft.clean.nodes)
    draft.option(node, draft.name, f"{field} = {draft.one(['§sweep(1, 2)', '§patch(a=1)'])}")


@plants("CN508")
def an_engine_of_a_node(draft: Draft) -> None:
    node = draft.one(draft.clean.nodes)
    if draft.random.random() < 0.5:
        draft.option(node, f'{MARK}{draft.name}(launcher="joblib")')
    else:
        draft.option(node, draft.name, 'hydra = §{"mode": "MULTIRUN"}')


@plants("CN508")
def a_sweep_in_a_primary_config(draft: Draft) -> None:
    draft.primary(f"{draft.word}: int = §sweep(1, 2)")


@plants("CN508")
def a_point_for_a_field(draft: Draft) -> None:
    one, other = _two(draft)
    before = f"class {draft.name}Small(Run):\n    {draft.patched(one, '2')}\n\n\n"
    draft.experiment(draft.patched(other, f"§points({draft.name}Small)"), before=before)


@plants("CN509")
def a_sweep_in_a_swept_node(draft: Draft) -> None:
    leaf, option, field = _held_number(draft)
    values = [f"{option.name}()", f"{option.name}({field}=§sweep(1, 2))"]
    draft.random.shuffle(values)
    draft.experiment(draft.patched(leaf.path, f"sweep({', '.join(values)})"))


@plants("CN510")
def a_point_with_an_engine(draft: Draft) -> None:
    one, other = _two(draft)
    keyword, line = draft.one(
        [
            (', launcher="joblib"', draft.patched(one, "2")),
            ("", draft.patched(one, "sweep(2, 3)")),
            (", abstract=True", draft.patched(one, "2")),
            ("", 'hydra = {"sweep": {"dir": "out"}}'),
        ]
    )
    before = f"class {draft.name}Small(Run{keyword}):\n    {line}\n\n\n"
    draft.experiment(
        draft.patched(other, "3"), f"{draft.word} = points(§{draft.name}Small)", before=before
    )


@plants("CN510")
def a_point_that_is_not_an_experiment(draft: Draft) -> None:
    nodes = [n.name for n in draft.clean.options]
    draft.experiment(f"{draft.word} = points(§{draft.one([*nodes, 'Run', draft.name])})")


@plants("CN511")
def a_field_that_an_experiment_unsets(draft: Draft) -> None:
    leaf = draft.one([one for one in draft.clean.leaves if len(one.path) == 1 and _is_set(one)])
    draft.experiment(f"{leaf.path[0]} = §MISSING")


def _is_set(leaf: Leaf) -> bool:
    return not isinstance(leaf.value, Missing | Interpolation | None) and not value_is_none(
        leaf.value
    )


@plants("CN512")
def too_many_jobs(draft: Draft) -> None:
    one, other = _two(draft)
    count = draft.random.randint(32, 99)
    lines = (draft.patched(path, f"sweep(*range({count}))") for path in (one, other))
    draft.experiment(*lines, mark=MARK)


@plants("CN515")
def a_dict_that_loses_a_key(draft: Draft) -> None:
    table = f'{draft.word}: dict[str, int] = {{"a": 1, "b": 2}}'
    leaf = draft.one(draft.clean.leaves)
    node = draft.clean.tree.nodes[leaf.node]
    draft.body(node, table)
    value = draft.one(['§{"a": 3}', 'sweep({"a": 3, "b": 4}, §{"b": 3})', "§{}"])
    draft.experiment(draft.patched((*leaf.path[:-1], draft.word), value))


@plants("CN516")
def an_experiment_as_a_type(draft: Draft) -> None:
    name = draft.one(draft.clean.experiments).name
    draft.body(
        draft.one([*draft.clean.nodes, draft.clean.run]), f"§{draft.word}: {name} | None = None"
    )


@plants("CN516")
def an_experiment_as_a_value(draft: Draft) -> None:
    name = draft.one(draft.clean.experiments).name
    draft.body(draft.clean.run, f"{draft.word}: Any = None")
    draft.experiment(f"{draft.word} = §{name}()")


@plants("CN517")
def a_method_of_an_experiment(draft: Draft) -> None:
    line = draft.patched(draft.leaf().path, "2")
    more = draft.one(["def f(self):\n        return 1", "limit: ClassVar[int] = 3"])
    draft.experiment(line, more, mark=MARK)


@plants("CN518")
def a_choice_of_a_root_node(draft: Draft) -> None:
    part = f"{draft.name}Part"
    path = draft.write(f"{draft.root}/{draft.word}.py", f"class {part}(CN):\n    size: int = 1\n")
    run = draft.clean.run
    draft.body(run, f"{draft.word}: {part} = {part}()")
    draft.take(run.span.file, path, part)
    value = draft.one([f"§{part}(size=2)", f"sweep(§{part}(size=2))"])
    draft.take(draft.experiment(f"{draft.word} = {value}"), path, part)


@plants("CN519")
def nodes_that_are_built_in_place(draft: Draft) -> None:
    node = draft.one(draft.clean.options).name
    draft.body(draft.clean.run, f"{draft.word}: dict[int, {node}] = {{1: {node}()}}")
    draft.experiment(f"{draft.word} = §{{1: {node}()}}")


@plants("CN519")
def an_interpolation_for_a_node(draft: Draft) -> None:
    leaf, node = draft.one(_held(draft))
    option = draft.one(draft.options(node))
    draft.body(draft.clean.run, f"{draft.word}: {node.name} = {option.name}()")
    draft.experiment(draft.patched(leaf.path, f'§ref("{draft.word}")'))


@plants("CN521")
def a_value_below_a_node_that_is_removed(draft: Draft) -> None:
    numbers = (ScalarType("int"), ScalarType("float"))
    bases = [
        n
        for n in draft.clean.options
        if len(draft.options(n)) == len(draft.clean.tree.options(n.group))
    ]
    held = [(n, f) for n in bases for f in n.fields if f.type in numbers]
    node, plain = draft.one(held)
    draft.body(draft.clean.run, f"{draft.word}: {node.name} | None = {node.name}()")
    other = f"class Not{draft.name}(Run):\n    {draft.word} = None\n\n\n"
    draft.experiment(f"{draft.word} = patch({plain.name}=§7)", before=other)


@plants("CN522")
def a_dict_to_which_another_experiment_adds(draft: Draft) -> None:
    draft.body(draft.clean.run, f'{draft.word}: dict[str, int] = {{"a": 1}}')
    other = f"class More{draft.name}(Run):\n    {draft.word} = patch(b=3)\n\n\n"
    draft.experiment(f'{draft.word} = §{{"a": 7}}', before=other)
