"""The tables of docs/stop-conditions.md, as they stand between their marks."""

import re

from processes import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "stop-conditions.md"


def table(name: str) -> tuple[list[str], dict[tuple[str, str], list[str]]]:
    """The head, and the rows by their first two cells."""
    text = re.search(f"<!-- {name}:begin -->\n(.*?)<!-- {name}:end -->", DOCUMENT.read_text(), re.DOTALL).group(1)
    lines = [[cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split(" | ")]
             for line in text.strip().splitlines()]
    assert set("".join(lines[1])) <= set("-|"), lines[1]
    return lines[0], {(line[0], line[1]): line[2:] for line in lines[2:]}
