"""The servers that are measured: how each is started, and how its endpoints are asked."""

import getpass
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import build
from .processes import Server, ServerFailed, descriptor_limit, free_port

TEMPLATES = build.BENCHMARKS / "peers"
NCHAN_MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
SUBJECT = "faultplane"
NGINX_CONNECTIONS = 16384


@dataclass
class Peer:
    """A running server."""

    name: str
    label: str
    server: Server
    port: int
    benches: set[str]
    bearer: str = "none.none"
    wake_body: bytes = b""
    count_key: str = '"parked":'


@dataclass
class Kind:
    """A server that can be started. `missing` says why it cannot, or is None."""

    name: str
    label: str
    benches: set[str]
    start: object
    missing: str | None = None


@dataclass
class Setting:
    """What every start needs."""

    directory: Path
    core: int | None
    document: bytes
    tools: Path
    subject_command: list[str]


GET = {"closed", "pipelined", "paced"}


def listening(server: Server, seconds: float) -> int:
    line = server.line(seconds)
    match = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)", line)
    if not match:
        raise ServerFailed(f"expected 'listening on http://127.0.0.1:PORT', got '{line}'")
    return int(match.group(1))


def two_lines(kind: Kind, command: list[str], setting: Setting) -> Peer:
    server = Server(command, setting.core, setting.directory / f"{kind.name}.log")
    try:
        port = listening(server, 30)
        word, _, bearer = server.line(10).partition(" ")
        if word != "bearer" or not bearer:
            raise ServerFailed("expected 'bearer KEYID.SECRET' as the second line")
    except BaseException:
        server.stop()
        raise
    return Peer(kind.name, kind.label, server, port, kind.benches, bearer=bearer)


def start_subject(kind: Kind, setting: Setting) -> Peer:
    return two_lines(kind, setting.subject_command, setting)


def start_bare(kind: Kind, setting: Setting, answers: dict[str, Path] | None = None) -> Peer:
    """`answers` are files that hold whole answers to GET of some paths."""
    document = setting.directory / "document.json"
    document.write_bytes(setting.document)
    command = [str(build.bare_server(setting.tools)), "--document", str(document)]
    for path, file in (answers or {}).items():
        command += ["--path", path, "--answer", str(file)]
    return two_lines(kind, command, setting)


def _configured(kind: Kind, setting: Setting, template: str, command: list[str], values: dict[str, str]) -> Peer:
    """Starts a server from a configuration file on a free port; once more if somebody took the port meanwhile."""
    prefix = setting.directory / kind.name
    (prefix / "files" / "bench").mkdir(parents=True, exist_ok=True)
    (prefix / "files" / "bench" / "document").write_bytes(setting.document)
    for attempt in range(3):
        port = free_port()
        text = (TEMPLATES / template).read_text()
        known = {"PREAMBLE": (TEMPLATES / "nginx-preamble.conf").read_text(),
                 "COMMON": (TEMPLATES / "nginx-common.conf").read_text(), **values,
                 "PORT": str(port), "PREFIX": str(prefix), "DOCUMENT": setting.document.decode(),
                 "DOCUMENT_FILE": str(prefix / "files" / "bench" / "document")}
        for name, value in known.items():
            text = text.replace(f"@{name}@", value)
        configuration = prefix / "server.conf"
        configuration.write_text(text)
        server = Server([*command, str(configuration)], setting.core, setting.directory / f"{kind.name}.log")
        try:
            server.await_port(port)
            return Peer(kind.name, kind.label, server, port, kind.benches)
        except ServerFailed:
            server.stop()
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def _nginx(kind: Kind, setting: Setting, template: str, **values: str) -> Peer:
    prefix = setting.directory / kind.name
    values = {"MODULES": "", "SENDFILE": "on", "NOPUSH": "on", "USER": f"user {getpass.getuser()};",
              "DESCRIPTORS": str(descriptor_limit()),
              "CONNECTIONS": str(min(NGINX_CONNECTIONS, descriptor_limit() - 100)), **values}
    prefix.mkdir(parents=True, exist_ok=True)
    command = [_program("nginx"), "-e", str(prefix / "error.log"), "-p", str(prefix), "-c"]
    return _configured(kind, setting, template, command, values)


def start_nginx_file(kind: Kind, setting: Setting) -> Peer:
    return _nginx(kind, setting, "nginx-file.conf", SENDFILE="on")


def start_nginx_file_plain(kind: Kind, setting: Setting) -> Peer:
    return _nginx(kind, setting, "nginx-file.conf", SENDFILE="off")


def start_nginx_file_split(kind: Kind, setting: Setting) -> Peer:
    return _nginx(kind, setting, "nginx-file.conf", SENDFILE="on", NOPUSH="off")


def start_nginx_inline(kind: Kind, setting: Setting) -> Peer:
    return _nginx(kind, setting, "nginx-inline.conf")


def start_nginx_polls(kind: Kind, setting: Setting, headers: dict[str, str], body: bytes, paths: dict[str, str]) -> Peer:
    """Answers polls with the headers, and the body at the one path, 304 at the other."""
    lines = "\n        ".join(f"add_header {name} '{value}';" for name, value in headers.items())
    return _nginx(kind, setting, "nginx-polls.conf", HEADERS=lines, BODY=body.decode(), FRESH=paths["200"], HELD=paths["304"])


def start_nchan(kind: Kind, setting: Setting) -> Peer:
    peer = _nginx(kind, setting, "nginx-nchan.conf", MODULES=f"load_module {NCHAN_MODULE};")
    peer.wake_body, peer.count_key = setting.document, "subscribers: "
    return peer


def start_haproxy(kind: Kind, setting: Setting) -> Peer:
    return _configured(kind, setting, "haproxy-inline.cfg", [_program("haproxy"), "-db", "-f"], {})


def _program(name: str) -> str | None:
    return shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


def kinds(subject_command: list[str]) -> list[Kind]:
    """All servers, the one under test first: its document is what the others are given to answer."""
    no_nginx = None if _program("nginx") else "nginx is not installed (apt-get install nginx)"
    no_nchan = no_nginx or (None if NCHAN_MODULE.exists() else "apt-get install libnginx-mod-nchan")
    no_haproxy = None if _program("haproxy") else "haproxy is not installed (apt-get install haproxy)"
    no_subject = None if shutil.which(subject_command[0]) else f"{Path(subject_command[0]).name} is not built"
    return [
        Kind(SUBJECT, "Faultplane, whole server", GET | {"park", "allocations"}, start_subject, no_subject),
        Kind("bare", "bare C epoll loop (the limit)", GET | {"park", "allocations"}, start_bare),
        Kind("nginx-file", "nginx static file, as Debian sets it (sendfile, tcp_nopush)", GET, start_nginx_file, no_nginx),
        Kind("nginx-file-split", "nginx static file, sendfile alone", GET, start_nginx_file_split,
             no_nginx),
        Kind("nginx-file-plain", "nginx static file, neither", GET, start_nginx_file_plain, no_nginx),
        Kind("nginx-inline", "nginx inline `return 200`", GET, start_nginx_inline, no_nginx),
        Kind("haproxy", "haproxy inline", GET, start_haproxy, no_haproxy),
        Kind("nchan", "nginx + nchan", {"park"}, start_nchan, no_nchan),
    ]
