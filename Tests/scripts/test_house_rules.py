"""scripts/house_rules.py: every rule is seen to fail, and to let pass what it should."""

import pytest
from workshop import REPOSITORY, Workshop
from house.tables import HOUSE, Tables, Target
from house.text import PATTERNS
from house.tree import Tree
from house_rules import check

TABLES = Tables(
    targets={
        "Base": Target(frozenset({"CLinux", "Glibc"})),
        "Lever": Target(frozenset()),
        "Store": Target(frozenset({"Base", "CPostgres"})),
        "program": Target(frozenset({"Base", "Store"}), untested_because="tested from outside"),
    },
    tests_without_target={"EndToEndTests": Target(frozenset({"Lever"}))},
    exemptions={},
)

SWIFT = "Sources/Base/A.swift"
TEST = "Tests/BaseTests/ATests.swift"

# name: (file, text, what is said of it, as (line, rule, part of the text); nothing where all is well)
CASES: dict[str, tuple[str, str, list[tuple[int, str, str]]]] = {
    # imports
    "a target imports what it may": (SWIFT, "import CLinux\npublic import Glibc\n", []),
    "Base knows no libpq": (SWIFT, "import CLinux\nimport CPostgres\n", [(2, "imports", "Base may not import CPostgres")]),
    "Foundation is nowhere": (SWIFT, "import Foundation\n", [(1, "imports", "Foundation")]),
    "nor is a part of it": (SWIFT, "import struct Foundation.Date\n", [(1, "imports", "Foundation")]),
    "nor with attributes": (SWIFT, "@preconcurrency internal import Foundation\n", [(1, "imports", "Foundation")]),
    "some import nothing": ("Sources/Lever/A.swift", "import Base\n", [(1, "imports", "only nothing")]),
    "knowledge points one way": ("Sources/Base/A.swift", "import Store\n", [(1, "imports", "may not import Store")]),
    "a word in a comment is no import": (SWIFT, "/*\nimport Foundation\n*/\n", []),
    "a test imports its target and what that knows": (
        "Tests/StoreTests/A.swift", "import Base\nimport CPostgres\nimport Store\nimport Testing\n", []
    ),
    "a test imports no other target": (TEST, "@testable import Store\n", [(1, "imports", "BaseTests may not import Store")]),
    "end-to-end tests have a list of their own": ("Tests/EndToEndTests/A.swift", "import Lever\nimport Testing\n", []),
    "which ends too": ("Tests/EndToEndTests/A.swift", "import Store\n", [(1, "imports", "EndToEndTests may not import")]),
    # length
    "400 lines are well": (SWIFT, "// x\n" * 400, []),
    "401 are not": (SWIFT, "// x\n" * 401, [(401, "length", "401 lines")]),
    "nor in a script without an ending": (".ci/run", "#!/bin/sh\n" + "true\n" * 400, [(401, "length", "401 lines")]),
    "nor in the Makefile": ("Makefile", "a:\n" * 401, [(401, "length", "401 lines")]),
    "a document may be long": ("docs/long.md", "x\n" * 401, []),
    # sql
    "SQL in Store": ("Sources/Store/A.swift", 'let a = "SELECT a FROM b"\n', []),
    "SQL in Store's tests": ("Tests/StoreTests/A.swift", 'let a = "DROP TABLE b"\n', []),
    "SQL elsewhere": (SWIFT, '\nlet a = "SELECT a FROM b"\n', [(2, "sql", "'SELECT a FROM' outside Sources/Store")]),
    "SQL over lines": (SWIFT, 'let a = """\n  WITH x AS (\n  SELECT a\n  FROM b)\n  """\n', [(3, "sql", "SELECT a FROM")]),
    "SQL with an interpolation": (SWIFT, 'let a = "DELETE FROM \\(b("x"))"\n', [(1, "sql", "DELETE FROM")]),
    "SQL within an interpolation": (SWIFT, 'let a = "a \\(b("INSERT INTO c")) d"\n', [(1, "sql", "INSERT INTO")]),
    "SQL in a raw literal": (SWIFT, 'let a = #"UPDATE "b" SET c = 1"#\n', [(1, "sql", "UPDATE")]),
    "SQL in small letters": (SWIFT, 'let a = "insert into b values (1)"\n', [(1, "sql", "insert into")]),
    "a new table": (TEST, 'let a = "CREATE TABLE b ()"\n', [(1, "sql", "CREATE TABLE")]),
    "a dropped database": (TEST, 'let a = "DROP DATABASE b"\n', [(1, "sql", "DROP DATABASE")]),
    "a notice": (SWIFT, 'let a = "NOTIFY changes"\n', [(1, "sql", "NOTIFY changes")]),
    "a listener": (SWIFT, 'let a = "LISTEN changes"\n', [(1, "sql", "LISTEN changes")]),
    "a function call": (SWIFT, 'let a = "SELECT pg_notify($1, $2)"\n', [(1, "sql", "SELECT")]),
    "prose is not SQL": (SWIFT, 'let a = "select one of them, or update from 1.2; listen to it"\n', []),
    "a comment is not SQL": (SWIFT, "// as SELECT a FROM b would\n", []),
    # force, trap, unchecked-sendable
    "a forced try": (SWIFT, "let a = try! b()\n", [(1, "force", "'try!'")]),
    "a forced cast in a test": (TEST, "let a = b as! C\n", [(1, "force", "'as!'")]),
    "forcing in a string": (SWIFT, 'let a = "try! harder"\n', []),
    "forcing within an interpolation": (SWIFT, 'let a = "\\(try! b())"\n', [(1, "force", "'try!'")]),
    "try and as": (SWIFT, "let a = try? b() as? C\n", []),
    "a fatal error": (SWIFT, "func a() {\n    fatalError()\n}\n", [(2, "trap", "'fatalError('")]),
    "a precondition": (SWIFT, "precondition(a > 0)\n", [(1, "trap", "'precondition('")]),
    "a failed precondition": (SWIFT, "preconditionFailure()\n", [(1, "trap", "'preconditionFailure('")]),
    "a bit cast": (SWIFT, "let a = unsafeBitCast(b, to: C.self)\n", [(1, "trap", "'unsafeBitCast('")]),
    "a test may trap": (TEST, "precondition(a > 0)\n", []),
    "a class that only says it is Sendable": (
        SWIFT, "final class A: @unchecked Sendable {}\n", [(1, "unchecked-sendable", "Locked")]
    ),
    # sleep, skip, fixed-port
    "a task that sleeps": (TEST, "try await Task.sleep(for: .seconds(1))\n", [(1, "sleep", "'Task.sleep'")]),
    "a thread that sleeps": (TEST, "usleep(100)\nsleep(1)\n", [(1, "sleep", "usleep"), (2, "sleep", "sleep(")]),
    "a script that sleeps": ("Tests/clients/test_a.py", "time.sleep(1)\n", [(1, "sleep", "'time.sleep'")]),
    "a statement that sleeps": ("Tests/StoreTests/A.swift", 'let a = "SELECT pg_sleep(1)"\n', []),
    "sleep in Sources is another matter": (SWIFT, "try await Task.sleep(for: pause)\n", []),
    "a disabled test": (TEST, '@Test(.disabled("later")) func a() {}\n', [(1, "skip", ".disabled(")]),
    "a test for some machines": (TEST, "@Test(.enabled(if: b)) func a() {}\n", [(1, "skip", ".enabled(")]),
    "a skipped script": ("Tests/clients/test_a.py", "@pytest.mark.skipif(b)\n", [(1, "skip", "pytest.mark.skipif")]),
    "an address with a port": (TEST, 'let a = "http://127.0.0.1:8123/"\n', [(1, "fixed-port", "127.0.0.1:8123")]),
    "a port argument": (TEST, "connect(port: 5432)\n", [(1, "fixed-port", "port: 5432")]),
    "a well-known port": ("Tests/clients/test_a.py", 'a = f"{host}:8080"\n', [(1, "fixed-port", ":8080")]),
    "port 0": (TEST, 'let a = ("127.0.0.1:0", connect(port: 0))\n', []),
    # later, print, machine-path, registry-host, how-we-work
    "what is left to do": (SWIFT, "// TODO: more\n", [(1, "later", "'TODO'")]),
    "what is left to mend": ("docs/a.md", "FIXME\n\nXXX\n", [(1, "later", "'FIXME'"), (3, "later", "'XXX'")]),
    "a template's name": ("scripts/a.sh", "mktemp a.XXXXXX\n", []),
    "a service that prints": (SWIFT, "print(a)\ndump(b)\n", [(1, "print", "print("), (2, "print", "dump(")]),
    "a command line that prints": ("Sources/faultplane/A.swift", "print(a)\n", [(1, "targets", "no such target")]),
    "a method of that name": (SWIFT, "report.print(a)\n", []),
    "a machine's path": ("scripts/a.sh", "ls /work/a\n", [(1, "machine-path", "'/work/'")]),
    "root's home": ("docs/a.md", "`/root/x` and /home/me/x\n", [(1, "machine-path", "/home/"), (1, "machine-path", "/root/")]),
    "a path that only ends so": ("docs/a.md", "`lib/work/x` and https://example.com/home/\n", []),
    "a registry": ("docs/a.md", "from https://pypi.org/simple\n", [(1, "registry-host", "'pypi.org'")]),
    "who made it": ("docs/a.md", "as issue #12 says\n", [(1, "how-we-work", "'issue #1'")]),
    "who helped": (SWIFT, "// for the helper agent\n", [(1, "how-we-work", "'helper agent'")]),
    "words that databases and agents use": (SWIFT, "// one session per agent; the issue is closed\n", []),
    # old-code
    "code that was commented out": (SWIFT, "// let a = 1\n", [(1, "old-code", "delete it")]),
    "a call that was": (SWIFT, "a()  // try await b.c(d)\n", [(1, "old-code", "delete it")]),
    "a block that was": (SWIFT, "// if a == b {\n// }\n", [(1, "old-code", ""), (2, "old-code", "")]),
    "an explanation": (SWIFT, "// If the reader (a peer) is gone; let it go.\n/// let a = 1\n", []),
    # whitespace
    "no line end": (SWIFT, "let a = 1", [(1, "whitespace", "no line end")]),
    "spaces at the end of a line": ("docs/a.md", "a\nb \n", [(2, "whitespace", "spaces at the end")]),
    "a tab in Swift": (SWIFT, "func a() {\n\tb()\n}\n", [(2, "whitespace", "a tab")]),
    "a tab in a Makefile": ("Makefile", "a:\n\tb\n", []),
    "an empty file": ("docs/a.md", "", []),
    "data": ("Benchmarks/a.json", "{} ", []),
    # documents
    "a file that is there": ("README.md", "`Sources/Base/Base.swift`, `Sources/Base/`, `Sources/Base/Base.swift:1`\n", []),
    "a file that is not": ("README.md", "\nsee `Sources/Base/Gone.swift`\n", [(2, "documents", "no Sources/Base/Gone.swift")]),
    "a pattern is no path": ("README.md", "`Sources/<Target>/` and `Tests/*Tests` and `docs/...`\n", []),
    "a make target that is not": ("docs/a.md", "```\nmake fast   # quick\n```\n", [(2, "documents", "no target fast")]),
    "a make target in the text": ("README.md", "run `make fast ARGS=1`\n", [(1, "documents", "no target fast")]),
    "prose about making": ("docs/a.md", "these make sense\nmake sure of it\n", []),
    # settings
    "targets with settings": (
        "Package.swift", '.target(name: "A", swiftSettings: nearC),\n.testTarget(name: "B", swiftSettings: tests)\n', []
    ),
    "a C module": ("Package.swift", '.target(\n  name: "CLinux", path: "C")\n', []),
    "a target without": (
        "Package.swift", '.target(\n  name: "A"),\n.target(name: "B", swiftSettings: house)\n', [(1, "settings", "")]
    ),
    # targets
    "a target nobody knows": ("Sources/New/A.swift", "", [(1, "targets", "no such target")]),
    "a target without tests": ("Sources/Lever/A.swift", "", [(1, "targets", "give it Tests/LeverTests")]),
    "tests without a target": ("Tests/NewTests/A.swift", "", [(1, "targets", "tests no target")]),
}

# What the small tree holds besides the file of the case, so that nothing else is wrong with it.
REST = {"Sources/Base/Base.swift": "", "Tests/BaseTests/BaseTests.swift": "", "Sources/Store/Store.swift": "",
        "Tests/StoreTests/StoreTests.swift": ""}


@pytest.mark.parametrize("name", CASES)
def test_rule(workshop: Workshop, name: str) -> None:
    path, text, expected = CASES[name]
    for other, content in REST.items():
        workshop.write(other, content)
    if path.startswith("Sources/Lever") and not any(rule == "targets" for _, rule, _ in expected):
        workshop.write("Tests/LeverTests/LeverTests.swift")
    workshop.write(path, text)

    found = check(Tree(workshop.root), TABLES)

    assert [(one.line, one.rule) for one in found] == [(line, rule) for line, rule, _ in expected], found
    for violation, (_, _, part) in zip(found, expected):
        assert part in violation.text
        assert path.startswith(violation.path)


def test_every_rule_has_a_case_that_breaks_it_and_one_that_keeps_it() -> None:
    broken = {rule for _, _, expected in CASES.values() for _, rule, _ in expected}
    assert broken == {pattern.rule for pattern in PATTERNS} | {
        "documents", "imports", "length", "old-code", "settings", "sql", "targets", "whitespace",
    }
    assert sum(1 for _, _, expected in CASES.values() if not expected) > 20


def test_an_exemption_lets_one_file_off_one_rule(workshop: Workshop) -> None:
    for path, content in REST.items():
        workshop.write(path, content)
    workshop.write("Sources/Base/A.swift", "fatalError(try! a())\n")
    workshop.write("Sources/Base/B.swift", "fatalError()\n")
    exempt = Tables(TABLES.targets, TABLES.tests_without_target, {("trap", "Sources/Base/A.swift"): "shown here"})

    found = check(Tree(workshop.root), exempt)

    assert [(one.path, one.rule) for one in found] == [("Sources/Base/A.swift", "force"), ("Sources/Base/B.swift", "trap")]


def test_exemptions_only_shrink(workshop: Workshop) -> None:
    for path, content in REST.items():
        workshop.write(path, content)
    workshop.write("Tests/BaseTests/BaseTests.swift")
    exempt = Tables(
        {**TABLES.targets, "Base": Target(frozenset(), untested_because="no longer true")},
        TABLES.tests_without_target,
        {("trap", "Sources/Base/Gone.swift"): "it was needed once"},
    )

    found = [str(violation) for violation in check(Tree(workshop.root), exempt)]

    assert found == [
        "Sources/Base:1: targets: has tests now; take `untested_because` from scripts/house/tables.py",
        "Sources/Base/Gone.swift:1: trap: its exemption is not needed; take it from scripts/house/tables.py",
    ]


def test_every_exemption_has_a_reason() -> None:
    assert all(len(reason) > 10 for reason in HOUSE.exemptions.values())


def test_the_program_prints_each_violation_and_fails(workshop: Workshop) -> None:
    workshop.copy("scripts")
    tables = workshop.root / "scripts/house/tables.py"
    tables.write_text(tables.read_text() + "EXEMPTIONS.clear()\n")
    workshop.write("Sources/Base/Base.swift", "let a = try! b()\n")
    workshop.write("Tests/BaseTests/BaseTests.swift")

    done = workshop.run("python3", "scripts/house_rules.py")

    first, last = done.stdout.splitlines()[0], done.stdout.splitlines()[-1]
    assert first.startswith("Sources/Base/Base.swift:1: force: 'try!'; ")
    assert ", 1 force, " in last
    assert done.returncode == 1

    workshop.write("Sources/Base/Base.swift")
    done = workshop.run("python3", "scripts/house_rules.py")
    assert ", no violation, " in done.stdout
    assert done.returncode == 0


def test_what_git_ignores_is_not_looked_at(workshop: Workshop) -> None:
    workshop.run("git", "init", "-q")
    workshop.write(".gitignore", "ignored/\n")
    workshop.write("ignored/a.md", "a \n")
    workshop.write("docs/untracked.md", "a \n")

    assert [one.path for one in check(Tree(workshop.root), TABLES)] == ["docs/untracked.md"]


def test_this_repository_is_clean() -> None:
    assert check(Tree(REPOSITORY), HOUSE) == []
