#!/usr/bin/env python3
"""Holds the tree to the rules that no compiler and no formatter checks. Each has its table in scripts/house/.

usage: scripts/house_rules.py [ROOT]
"""

import collections
import pathlib
import sys
import time

from house import structure, text
from house.tables import HOUSE, Tables
from house.tree import Tree, Violation

RULES = [
    structure.imports,
    structure.targets,
    structure.settings,
    structure.sql,
    structure.length,
    text.patterns,
    text.old_code,
    text.whitespace,
    text.documents,
]


def check(tree: Tree, tables: Tables) -> list[Violation]:
    """All violations but the exempted ones, and one for each exemption that exempts nothing."""
    found = [violation for rule in RULES for violation in rule(tree, tables)]
    used = {(violation.rule, violation.path) for violation in found} & tables.exemptions.keys()
    stale = [
        Violation(path, 1, rule, "its exemption is not needed; take it from scripts/house/tables.py")
        for rule, path in tables.exemptions.keys() - used
    ]
    return sorted([violation for violation in found if (violation.rule, violation.path) not in used] + stale)


def main() -> int:
    began = time.monotonic()
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    tree = Tree(root)
    violations = check(tree, HOUSE)
    for violation in violations:
        print(violation)
    counts = collections.Counter(violation.rule for violation in violations)
    found = ", ".join(f"{count} {rule}" for rule, count in sorted(counts.items())) or "no violation"
    print(f"house rules: {len(tree.files)} files, {found}, {time.monotonic() - began:.2f} s")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
