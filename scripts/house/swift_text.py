"""Takes Swift source apart into code, string literals and comments, so that a rule looks only where it means to."""

import dataclasses
import functools
import re


@dataclasses.dataclass
class SwiftText:
    source: str
    # (offset, text) of each; what is interpolated into a string is code, and stands there as a space.
    strings: list[tuple[int, str]] = dataclasses.field(default_factory=list)
    comments: list[tuple[int, str]] = dataclasses.field(default_factory=list)
    # Stretches of the source that are not code.
    blanks: list[tuple[int, int]] = dataclasses.field(default_factory=list)

    @functools.cached_property
    def code(self) -> str:
        """The source with all else blanked out: offsets and lines stay what they were."""
        parts, position = [], 0
        for start, end in self.blanks:
            parts.append(self.source[position:start])
            parts.append(_NOT_LINE_END.sub(" ", self.source[start:end]))
            position = end
        return "".join(parts) + self.source[position:]


_NOT_LINE_END = re.compile(r"[^\n]")
_STARTS = re.compile(r'//|/\*|(#*)("""|")')
_STARTS_OR_PARENTHESIS = re.compile(r'//|/\*|(#*)("""|")|[()]')
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def split(source: str) -> SwiftText:
    text = SwiftText(source)
    _code(text, 0, inside_string=False)
    return text


def _code(text: SwiftText, position: int, inside_string: bool) -> int:
    """Reads code up to the end, or to the parenthesis that closes an interpolation; returns the place after it."""
    starts, depth = (_STARTS_OR_PARENTHESIS if inside_string else _STARTS), 1
    while match := starts.search(text.source, position):
        found = match.group()
        if found in "()":
            depth += 1 if found == "(" else -1
            position = match.end()
            if depth == 0:
                return position
        elif found == "//":
            position = _line_comment(text, match.start())
        elif found == "/*":
            position = _block_comment(text, match.start())
        else:
            position = _string(text, match.start(), match.group(1), match.group(2))
    return len(text.source)


def _line_comment(text: SwiftText, start: int) -> int:
    end = text.source.find("\n", start)
    return _comment(text, start, len(text.source) if end < 0 else end)


def _block_comment(text: SwiftText, start: int) -> int:
    """They nest, in Swift."""
    depth, position = 0, start
    while match := _COMMENT_EDGE.search(text.source, position):
        position = match.end()
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return _comment(text, start, position)
    return _comment(text, start, len(text.source))


def _comment(text: SwiftText, start: int, end: int) -> int:
    text.comments.append((start, text.source[start:end]))
    text.blanks.append((start, end))
    return end


@functools.cache
def _string_stops(hashes: str, quotes: str) -> re.Pattern[str]:
    stops = [re.escape(quotes + hashes), re.escape("\\" + hashes) + r"(?:\(|.)"]
    # A one-line string that nobody closed ends with its line: the compiler will complain, we go on.
    return re.compile("|".join(stops if quotes == '"""' else [*stops, "\n"]), re.DOTALL)


def _string(text: SwiftText, start: int, hashes: str, quotes: str) -> int:
    stops, parts = _string_stops(hashes, quotes), []
    piece = position = start + len(hashes) + len(quotes)
    blank = start
    while match := stops.search(text.source, position):
        found, position = match.group(), match.end()
        if found == "\\" + hashes + "(":
            parts.append(text.source[piece : match.start()])
            text.blanks.append((blank, position))
            blank = piece = position = _code(text, position, inside_string=True)
            blank -= 1
        elif found == "\n" or found == quotes + hashes:
            break
    else:
        match, position = None, len(text.source)
    parts.append(text.source[piece : match.start() if match else position])
    text.blanks.append((blank, position))
    text.strings.append((start, " ".join(parts)))
    return position
