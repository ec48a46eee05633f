"""Rules about where things stand: imports, targets and their tests, SQL, the size of a file."""

import re
from collections.abc import Iterator

from house.tables import SQL_ALLOWED, TESTS_MAY_IMPORT, Tables
from house.tree import File, Tree, Violation

_IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*(?:(?:public|package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:struct|class|enum|protocol|func|var|let|typealias)[ \t]+)?(\w+)",
    re.MULTILINE,
)


def imports(tree: Tree, tables: Tables) -> Iterator[Violation]:
    for file in tree.swift:
        allowed = _allowed_imports(file, tables)
        if allowed is None:
            continue
        for match in _IMPORT.finditer(file.code):
            if match.group(1) not in allowed:
                known = ", ".join(sorted(allowed)) or "nothing"
                yield Violation(
                    file.path,
                    file.line(match.start(1)),
                    "imports",
                    f"{file.target} may not import {match.group(1)}, only {known}; move the code to where that is known",
                )


def _allowed_imports(file: File, tables: Tables) -> frozenset[str] | None:
    """None for what is in no target, or in one that rule `targets` complains of."""
    if file.path.startswith("Sources/"):
        target = tables.targets.get(file.target or "")
        return target.imports if target else None
    if not file.path.startswith("Tests/") or file.target is None:
        return None
    without = tables.tests_without_target.get(file.target)
    if without:
        return without.imports | TESTS_MAY_IMPORT
    target = tables.targets.get(file.target.removesuffix("Tests"))
    return target.imports | TESTS_MAY_IMPORT | {file.target.removesuffix("Tests")} if target else None


def targets(tree: Tree, tables: Tables) -> Iterator[Violation]:
    """Each target is known, and has its tests; each test folder has its target."""
    sources, tests = tree.targets("Sources"), tree.targets("Tests")
    for name in sources:
        path, target = f"Sources/{name}", tables.targets.get(name)
        if target is None:
            yield Violation(path, 1, "targets", "no such target in scripts/house/tables.py; say there what it may import")
        elif target.untested_because and f"{name}Tests" in tests:
            yield Violation(path, 1, "targets", "has tests now; take `untested_because` from scripts/house/tables.py")
        elif not target.untested_because and f"{name}Tests" not in tests:
            yield Violation(path, 1, "targets", f"has no tests; give it Tests/{name}Tests")
    for name in tests:
        if name.removesuffix("Tests") not in sources and name not in tables.tests_without_target:
            yield Violation(
                f"Tests/{name}", 1, "targets", "tests no target; name it after the one in Sources, with Tests behind"
            )


# C modules, named C and a capital, have no Swift to set anything for.
_TARGET = re.compile(r"\.(?:target|executableTarget|testTarget)\((?!\s*name:\s*\"C[A-Z])")
_SETTINGS = re.compile(r"swiftSettings:\s*(?:house|nearC|hot|tests)\b")


def settings(tree: Tree, tables: Tables) -> Iterator[Violation]:
    """Each target is held to the settings that make warnings errors."""
    for file in tree.swift:
        if file.path != "Package.swift":
            continue
        starts = [match.start() for match in _TARGET.finditer(file.text)]
        for start, end in zip(starts, [*starts[1:], len(file.code)]):
            if not _SETTINGS.search(file.code, start, end):
                yield Violation(
                    file.path, file.line(start), "settings", "a target without swiftSettings: house, nearC, hot or tests"
                )


# Keywords in capitals anywhere in a literal; in small letters only where nothing but a statement starts so.
_SQL = re.compile(
    r"\b(?:SELECT\b[\s\S]*?\bFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO|COPY\s+\S+\s+(?:FROM|TO)"
    r"|(?:CREATE|ALTER|DROP)\s+(?:UNIQUE\s+)?(?:TABLE|DATABASE|INDEX|ROLE|USER|SCHEMA|SEQUENCE|TYPE|FUNCTION|VIEW)"
    r"|TRUNCATE\s+\S+|FOR\s+UPDATE|PREPARE\s+\S+\s+AS)\b"
    r"|\A\s*(?:(?:UN)?LISTEN|NOTIFY)\s+[\w\"*]+"
    r"|\A\s*(?:SELECT\s|BEGIN;?\Z|COMMIT;?\Z|ROLLBACK;?\Z)"
    r"|\A\s*(?:select\s+\S+(?:,\s*\S+)*\s+from\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s"
    r"|(?:create|alter|drop)\s+(?:table|database|index|role|schema)\s)"
)


def sql(tree: Tree, tables: Tables) -> Iterator[Violation]:
    for file in tree.swift:
        if file.path.startswith(SQL_ALLOWED):
            continue
        for start, text in file.swift.strings:
            if match := _SQL.search(text):
                line = file.line(start) + text.count("\n", 0, match.start())
                statement = " ".join(match.group().split())
                yield Violation(
                    file.path, line, "sql", f"{statement!r} outside Sources/Store; give Store a function that does this"
                )


_LINE_LIMIT = 400
_COUNTED = {".swift", ".sql", ".py", ".sh", ".c", ".h"}


def length(tree: Tree, tables: Tables) -> Iterator[Violation]:
    for file in tree.files:
        if file.text is None or not (file.suffix in _COUNTED or file.path == "Makefile" or file.text.startswith("#!")):
            continue
        lines = file.text.count("\n")
        if lines > _LINE_LIMIT:
            yield Violation(
                file.path, _LINE_LIMIT + 1, "length",
                f"{lines} lines, over {_LINE_LIMIT}; split it by type, or by verb on the type",
            )
