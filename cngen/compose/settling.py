"""Tree -> the tree in which each experiment has the fields that it composes to."""

from collections import ChainMap
from dataclasses import replace

from cngen.compose.listed import with_picks
from cngen.compose.settled_values import effective_in, settled_value
from cngen.compose.steps import inherited_by
from cngen.model.tree import Field, Node, Tree
from cngen.model.values import Value


def settle(tree: Tree) -> Tree:
    """The tree in which every node that inherits from a primary config has the fields it composes to.

    Patches are applied; a sweep is as if it weren't written, one between nodes as its first. Swept
    patches are put over what is there job by job: stored, the first would stay in all of them.
    """
    nodes: dict[str, Node] = {}
    listed: dict[str, Node] = {}  # which experiments inherit, and no class: a list is no field

    def visit(key: str) -> None:
        if key not in nodes:
            for base in tree.nodes[key].lineage[1:]:
                visit(base)
            node = tree.nodes[key]
            nodes[key] = settled = _settled_node(listing if node.group else known, node)
            has_list = settled.defaults is not None and not settled.is_experiment
            listed[key] = with_picks(tree, settled) if has_list else settled

    known = replace(tree, nodes=ChainMap(nodes, dict(tree.nodes)))
    listing = replace(tree, nodes=ChainMap(listed, dict(tree.nodes)))
    for key in tree.nodes:
        visit(key)
    return replace(tree, nodes={key: listed[key] for key in tree.nodes})


def _settled_node(tree: Tree, node: Node) -> Node:
    primary = _primary(tree, node)
    if primary is None:
        return node
    node = replace(node, primary=primary.key)
    before = inherited_by(tree, node)
    fields: list[Field] = []
    written: list[tuple[str, Value]] = []
    for field in node.fields:
        inherited, owner = before.get(field.name, (None, field.owner))
        if field.name not in node.declared:
            fields.append(replace(field, default=inherited, owner=owner))
            continue
        value = field.default
        if value is not None:
            written.append((field.name, value))
            value = settled_value(tree, effective_in(tree, field, inherited), value)
        fields.append(replace(field, default=value))
    return replace(node, fields=tuple(fields), written=tuple(written))


def _primary(tree: Tree, node: Node) -> Node | None:
    """The nearest primary config from which a node inherits."""
    bases = (tree.nodes[key] for key in node.lineage[1:])
    return next((base for base in bases if not base.group and base.option is not None), None)
