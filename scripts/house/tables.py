"""What the house rules hold: who may import what, and who is let off a rule, and why."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Target:
    imports: frozenset[str]
    # Why there is no test folder of its own; only for targets that other folders test.
    untested_because: str | None = None


def _may(*imports: str, untested_because: str | None = None) -> Target:
    return Target(frozenset(imports), untested_because)


# Knowledge points one way: executables -> ControlPlane -> {HTTPServer, Store, SafetyLever} -> Base -> C modules.
# Foundation is in nobody's list: it doubles the memory of a process that is otherwise small.
TARGETS = {
    "Base": _may("CCrypto", "CLinux", "Glibc", "Synchronization"),
    "HTTPServer": _may("Base", "CLinux", "Glibc", "Synchronization"),
    "Store": _may("Base", "CLinux", "CPostgres", "Glibc", "Synchronization"),
    "SafetyLever": _may(),
    "Experiments": _may("Base"),
    "FaultClient": _may("Base"),
    "WebClient": _may("Base", "CCurl", "Glibc"),
    "ControlPlane": _may("Base", "Experiments", "HTTPServer", "SafetyLever", "Store", "Synchronization", "WebClient"),
    "LambdaExtension": _may("Base", "FaultClient"),
    "faultplane": _may(
        "Base", "ControlPlane", "Experiments", "Glibc", "HTTPServer", "SafetyLever", "WebClient",
        untested_because="EndToEndTests and Tests/clients run the program itself",
    ),
    "faultplane-extension": _may(
        "Base", "FaultClient", "Glibc", "LambdaExtension",
        untested_because="EndToEndTests run the program itself",
    ),
    "faultplane-injector": _may(
        "Base", "FaultClient", "Glibc", "WebClient",
        untested_because="EndToEndTests run the program itself",
    ),
    "TestSupport": _may(
        "Base", "CLinux", "ControlPlane", "Experiments", "FaultClient", "Glibc", "HTTPServer", "SafetyLever",
        "Store", "Testing",
        untested_because="every test that uses it tests it",
    ),
}

# A test folder may import its target, whatever that target imports, and these.
TESTS_MAY_IMPORT = frozenset({"Base", "CLinux", "Glibc", "TestSupport", "Testing"})

# Test folders without a target of the same name.
TESTS_WITHOUT_TARGET = {
    "EndToEndTests": _may("FaultClient", untested_because="runs the whole program over its sockets"),
}

# Folders outside Store whose string literals may be SQL.
SQL_ALLOWED = ("Sources/Store/", "Tests/StoreTests/", "Sources/TestSupport/Database/")

# (rule, path) -> reason. These lists only shrink: an entry that is no longer needed is a violation itself.
EXEMPTIONS = {
    ("unchecked-sendable", "Sources/Base/System/Locked.swift"): "it is the lock that makes others' values safe",
    ("unchecked-sendable", "Sources/HTTPServer/Loop/EventLoop.swift"): "its state belongs to its one thread",
    ("unchecked-sendable", "Sources/TestSupport/HTTP/RawClient.swift"): "one test at a time holds it",
    ("sleep", "Tests/benchmarks/test_harness.py"): "the stall is what the test measures",
}


@dataclasses.dataclass(frozen=True)
class Tables:
    targets: dict[str, Target]
    tests_without_target: dict[str, Target]
    exemptions: dict[tuple[str, str], str]


HOUSE = Tables(TARGETS, TESTS_WITHOUT_TARGET, EXEMPTIONS)
