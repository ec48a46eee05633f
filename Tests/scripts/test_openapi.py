"""scripts/openapi.sh and its step of scripts/check.sh: the file that is checked in is what the program prints."""

import pytest
from workshop import Workshop

DOCUMENT = '{\n  "openapi": "3.1.0"\n}\n'
MEND = "api/openapi.json is not what the program prints: make openapi writes it anew"


@pytest.fixture
def package(workshop: Workshop) -> Workshop:
    """A program that prints one document, and no package to install."""
    workshop.copy("scripts", "Makefile")
    workshop.write("scripts/bootstrap.sh", "#!/bin/sh\n", mode=0o755)
    workshop.write(
        "Package.swift",
        '// swift-tools-version: 6.2\nimport PackageDescription\n\nlet package = Package(name: "small", '
        'targets: [.executableTarget(name: "faultplane")])\n',
    )
    workshop.write(
        "Sources/faultplane/main.swift",
        'if CommandLine.arguments.dropFirst() == ["openapi"] {\n'
        '    print("{\\n  \\"openapi\\": \\"3.1.0\\"\\n}")\n}\n',
    )
    return workshop


def test_a_file_that_is_the_same_passes_and_another_does_not(package: Workshop) -> None:
    place = package.write("api/openapi.json", DOCUMENT)
    done = package.run("scripts/check.sh", "openapi")
    assert (done.returncode, MEND in done.stdout) == (0, False), done.stdout

    place.write_text(DOCUMENT.replace("3.1.0", "3.0.3"))
    done = package.run("scripts/check.sh", "openapi")
    assert (done.returncode, MEND in done.stdout) == (1, True), done.stdout
    assert '-  "openapi": "3.0.3"\n+  "openapi": "3.1.0"\n' in done.stdout

    place.unlink()
    done = package.run("scripts/check.sh", "openapi")
    assert (done.returncode, MEND in done.stdout) == (1, True), done.stdout

    done = package.run("make", "openapi")
    assert done.returncode == 0, done.stdout
    assert place.read_text() == DOCUMENT


def test_without_a_word_it_says_how_it_is_used(workshop: Workshop) -> None:
    workshop.copy("scripts")
    done = workshop.run("scripts/openapi.sh")
    assert (done.returncode, done.stdout) == (2, "usage: scripts/openapi.sh check|write\n")
