"""scripts/check.sh: each step is seen to fail, with the settings this repository is built with."""

import re

import pytest
from workshop import REPOSITORY, Workshop

TIDY = "let answer = 42\n"


def small_package(workshop: Workshop, source: str) -> None:
    """One target, under the settings of the real manifest; no package to install, as nothing links anything."""
    manifest = (REPOSITORY / "Package.swift").read_text()
    settings = manifest[: manifest.index("let package = Package(")]
    workshop.copy("scripts", ".swift-format")
    workshop.write("scripts/bootstrap.sh", "#!/bin/sh\n", mode=0o755)
    workshop.write(
        "Package.swift",
        settings
        + 'let package = Package(\n    name: "small",\n'
        + '    targets: [.target(name: "Small", swiftSettings: nearC)]\n)\n',
    )
    workshop.write("Sources/Small/Small.swift", source)
    (workshop.root / "Tests").mkdir(exist_ok=True)


FORMAT = {
    "tidy": (TIDY, 0, ""),
    "indented by two": ("func twice() {\n  _ = 1\n}\n", 1, "[Indentation]"),
    "a name with an underscore in front": ("let _answer = 42\n", 1, "[NoLeadingUnderscores]"),
    "forced": ("let answer = Int(\"42\")!\n", 1, "[NeverForceUnwrap]"),
    "public without a word on what for": ("public let answer = 42\n", 1, "[AllPublicDeclarationsHaveDocumentation]"),
}


@pytest.mark.parametrize("name", FORMAT)
def test_format_step(workshop: Workshop, name: str) -> None:
    source, code, complaint = FORMAT[name]
    small_package(workshop, source)

    done = workshop.run("scripts/check.sh", "format")

    assert done.returncode == code, done.stdout
    assert complaint in done.stdout
    assert ("make format" in done.stdout) == (code != 0)


def test_rules_step(workshop: Workshop) -> None:
    small_package(workshop, TIDY)
    done = workshop.run("scripts/check.sh", "rules")
    assert "Sources/Small:1: targets: no such target" in done.stdout
    assert done.returncode == 1


BUILD = {
    "a warning is an error": ("func answer() {\n    let unused = 42\n}\n", "error: initialization of immutable value"),
    "an existential says any": ("protocol P {}\nfunc take(_ p: P) {}\n", "error: use of protocol 'P' as a type"),
    "unsafe code says so": (
        "func first(_ p: UnsafePointer<Int>) -> Int {\n    p.pointee\n}\n",
        "error: expression uses unsafe constructs",
    ),
}


@pytest.mark.parametrize("name", BUILD)
@pytest.mark.parametrize("step", ["debug", "release"])
def test_build_steps(workshop: Workshop, step: str, name: str) -> None:
    source, complaint = BUILD[name]
    small_package(workshop, source)

    done = workshop.run("scripts/check.sh", step)

    assert done.returncode == 1, done.stdout
    assert complaint in done.stdout


@pytest.mark.parametrize("step", ["debug", "release"])
def test_build_steps_pass_what_is_well(workshop: Workshop, step: str) -> None:
    small_package(workshop, TIDY)
    done = workshop.run("scripts/check.sh", step)
    assert done.returncode == 0, done.stdout
    assert re.search(rf"^== {step} build: ok, \d+ s$", done.stdout, re.MULTILINE)


def test_the_first_failing_step_ends_the_check(workshop: Workshop) -> None:
    small_package(workshop, "let _answer = 42\n")
    done = workshop.run("scripts/check.sh")
    assert done.returncode == 1
    assert re.search(r"^== format: FAILED, \d+ s$", done.stdout, re.MULTILINE)
    assert "== debug build" not in done.stdout


def test_a_step_nobody_knows_is_refused(workshop: Workshop) -> None:
    workshop.copy("scripts")
    done = workshop.run("scripts/check.sh", "everything")
    assert (done.returncode, done.stdout) == (2, "usage: scripts/check.sh [format] [rules] [debug] [openapi] [release]\n")
