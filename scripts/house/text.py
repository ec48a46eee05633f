"""Rules about what is written in a file, whatever it is for."""

import dataclasses
import re
from collections.abc import Iterator

from house.tables import Tables
from house.tree import File, Tree, Violation

# The rules and their tests must write down what the rules forbid.
_OWN = ("scripts/house/text.py", "Tests/scripts/test_house_")
_GENERATED = {"api/openapi.json"}
_ANY = ("",)


@dataclasses.dataclass(frozen=True)
class Pattern:
    rule: str
    # What is found holds one of these words, in any case: most files hold none, and that is quickly seen.
    words: tuple[str, ...]
    regex: re.Pattern[str]
    mend: str
    under: tuple[str, ...] = _ANY
    but_not_under: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = _ANY
    # Swift's code without comments and string literals; otherwise every byte counts.
    code_only: bool = True


def _pattern(rule: str, words: str, regex: str, mend: str, **where: object) -> Pattern:
    return Pattern(rule, tuple(words.split()), re.compile(regex), mend, **where)


PATTERNS = [
    _pattern(
        "force", "try! as!", r"\btry!|\bas!",
        "handle the other case: bytes and rows come from strangers", suffixes=(".swift",),
    ),
    _pattern(
        "trap", "fatalerror precondition unsafebitcast",
        r"\b(?:fatalError|precondition|preconditionFailure|unsafeBitCast)\s*\(",
        "a service never traps: refuse, log and count what was thought impossible",
        under=("Sources/",), suffixes=(".swift",),
    ),
    _pattern(
        "unchecked-sendable", "@unchecked", r"@unchecked\s+Sendable",
        "let Locked or an actor hold the state", suffixes=(".swift",),
    ),
    _pattern(
        "sleep", "sleep", r"\b(?:u|nano)?sleep\s*\(|\bTask\.sleep\b|\btime\.sleep\b",
        "wait for a condition with a bound, for a signal the code fires, or move the test's clock", under=("Tests/",),
    ),
    _pattern(
        "skip", ".disabled .enabled pytest.",
        r"\.(?:disabled|enabled)\s*\(|\bpytest\.(?:skip|importorskip|mark\.skip\w*|mark\.xfail)\b",
        "what a test needs and does not find is an error, never a silent skip", under=("Tests/",),
    ),
    _pattern(
        "fixed-port", "port localhost 127.0.0.1 0.0.0.0 [: :8080 :5432",
        r"(?:127\.0\.0\.1|0\.0\.0\.0|localhost|\[::1?\]):[1-9]\d*\b|\bport\s*[:=]\s*[1-9]\d{2,4}\b|:(?:8080|5432)\b",
        "tests run side by side: listen on port 0 and ask which it became", under=("Tests/",), suffixes=(".swift", ".py", ".sh"), code_only=False,
    ),
    _pattern(
        "later", "todo fixme xxx", r"\b(?:TODO|FIXME|XXX)\b",
        "do it now, or take it up with the others", code_only=False,
    ),
    _pattern(
        "print", "print dump", r"(?<![\w.])(?:debugPrint|print|dump)\s*\(",
        "log it; only the command line speaks to a person",
        under=("Sources/",), but_not_under=("Sources/faultplane/", "Sources/faultplane-extension/"),
        suffixes=(".swift",),
    ),
    _pattern(
        "machine-path", "/work/ /root/ /home/", r"(?<![\w./~-])/(?:work|root|home)/",
        "that path is one machine's; make it relative or a parameter", code_only=False,
    ),
    _pattern(
        "registry-host", "pypi pythonhosted debian.org npmjs crates.io golang.org",
        r"(?i)\b(?:pypi\.org|pythonhosted\.org|debian\.org/debian|(?:deb|security|snapshot)\.debian\.org|npmjs\.org"
        r"|static\.crates\.io|proxy\.golang\.org)\b",
        "name the package, not where it comes from: that is set up per machine", code_only=False,
    ),
    _pattern(
        "how-we-work", "issue agent ceo assistant model tree gpt llm",
        r"(?i)\bissue #\d|\bsub-?agent|\bhelper agent|\bthe CEO\b|\bAI assistant|\blanguage model|\bwork ?tree\b"
        r"|\bchat ?gpt\b|\bLLMs?\b",
        "say what the program does, not who made it how", code_only=False,
    ),
]


def patterns(tree: Tree, tables: Tables) -> Iterator[Violation]:
    for file in tree.files:
        if file.text is None or file.path.startswith(_OWN) or file.path in _GENERATED:
            continue
        for pattern in PATTERNS:
            if _concerns(pattern, file) and any(word in file.lowered for word in pattern.words):
                searched = file.code if pattern.code_only else file.text
                for match in pattern.regex.finditer(searched):
                    line = file.line(match.start())
                    yield Violation(file.path, line, pattern.rule, f"{match.group().strip()!r}; {pattern.mend}")


def _concerns(pattern: Pattern, file: File) -> bool:
    return (
        file.path.startswith(pattern.under)
        and not file.path.startswith(pattern.but_not_under)
        and file.path.endswith(pattern.suffixes)
    )


_OLD_CODE = re.compile(
    r"//\s*(?:(?:let|var)\s+\w+\s*[:=].*|(?:return|import)\s+\w+$|func\s+\w+\(|(?:if|guard|for|while|switch)\b.*\{$"
    r"|\}(?:\s*else\s*\{)?$|(?:try\s+|await\s+)*\w+(?:\.\w+)*\([^)]*\)$|\w+\s*\+?=\s*\S+$|[^.]*;$)"
)


def old_code(tree: Tree, tables: Tables) -> Iterator[Violation]:
    """A guess, made only from a whole comment that reads like a statement; doc comments may show code."""
    for file in tree.swift:
        for start, text in file.swift.comments:
            if text.startswith("//") and not text.startswith("///") and _OLD_CODE.fullmatch(text.rstrip()):
                yield Violation(
                    file.path, file.line(start), "old-code",
                    "reads like code that was commented out; delete it, history keeps it",
                )


_TRAILING = re.compile(r"[ \t\r]+$", re.MULTILINE)


def whitespace(tree: Tree, tables: Tables) -> Iterator[Violation]:
    for file in tree.files:
        # JSON is data: its bytes may be counted, or hostile on purpose.
        if not file.text or file.suffix == ".json":
            continue
        if not file.text.endswith("\n"):
            yield Violation(file.path, file.line(len(file.text)), "whitespace", "no line end at the end of the file; add it")
        for match in _TRAILING.finditer(file.text):
            yield Violation(file.path, file.line(match.start()), "whitespace", "spaces at the end of the line; remove them")
        if file.suffix == ".swift" and "\t" in file.text:
            yield Violation(
                file.path, file.line(file.text.index("\t")), "whitespace", "a tab in Swift; make format writes spaces"
            )


_DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
_IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:Sources|Tests|docs|scripts|migrations|api|Benchmarks|\.ci)/[\w./+-]*")
_MAKE = re.compile(r"(?:`|^\$ )make ([a-z]+)|^make ([a-z]+)[ \t]*(?:#.*|ARGS=.*)?$", re.MULTILINE)
_MAKE_TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


def documents(tree: Tree, tables: Tables) -> Iterator[Violation]:
    """What the documents name is there: files of this repository in backticks, and make targets."""
    makefile = next((file.text for file in tree.files if file.path == "Makefile"), None) or ""
    known = set(_MAKE_TARGET.findall(makefile))
    for file in tree.files:
        if file.text is None or not (file.path in _DOCUMENTS or re.fullmatch(r"docs/[^/]+\.md", file.path)):
            continue
        for match in _IN_BACKTICKS.finditer(file.text):
            path = match.group(1).split(":")[0]
            if _PATH.fullmatch(path) and ".." not in path and not (tree.root / path).exists():
                yield Violation(
                    file.path, file.line(match.start()), "documents", f"there is no {path}; say where it is now"
                )
        for match in _MAKE.finditer(file.text):
            target = match.group(1) or match.group(2)
            if target not in known:
                yield Violation(
                    file.path, file.line(match.start()), "documents", f"make has no target {target}; make help lists them"
                )
