#!/usr/bin/env bash
# Installs what `make run`, `make test` or `make bench` needs and this machine lacks: Debian packages for the machine,
# PyPI packages into a venv. Says nothing where nothing is missing, and then needs no network either.
# usage: scripts/bootstrap.sh run|test|bench
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-run}
packages=(libcurl4-openssl-dev libpq-dev libssl-dev pkg-config postgresql)
case $purpose in
    run) ;;
    test) packages+=(curl gcc libc6-dev libfaketime make nginx-light prometheus prometheus-alertmanager python3-venv) ;;
    bench) packages+=(gcc haproxy libc6-dev libnginx-mod-nchan nginx-light prometheus python3-venv wrk) ;;
    *) echo "usage: scripts/bootstrap.sh run|test|bench" >&2 && exit 2 ;;
esac

say() { echo "bootstrap: $*"; }
die() { say "$*" >&2; exit 1; }

command -v swift >/dev/null ||
    die "no swift in PATH; install the Swift 6.3 toolchain from https://www.swift.org/install"

scratch=$(mktemp -d)
trap 'clean_up' EXIT

policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
made_policy=no
root=()

clean_up() {
    [ "$made_policy" = no ] || "${root[@]}" rm -f "$policy"
    rm -rf "$scratch"
}

missing_packages() {
    # One call for all: dpkg-query complains of the unknown ones and still answers for the rest.
    { dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true; } |
        sed -n 's/^installed //p' | sort >"$scratch/installed"
    printf '%s\n' "${packages[@]}" | sort | comm -23 - "$scratch/installed"
}

# Debian starts a service as soon as it is installed. Ours start their own servers, so a policy says no meanwhile;
# a policy that stands already is the machine owner's business.
forbid_services() {
    [ ! -e "$policy" ] || return 0
    printf '#!/bin/sh\n# Written by Faultplane while it installs packages.\nexit 101\n' >"$scratch/policy"
    made_policy=yes
    "${root[@]}" install -m 755 "$scratch/policy" "$policy"
}

quietly() {
    "$@" >"$scratch/log" 2>&1 </dev/null || { tail -n 20 "$scratch/log" >&2; die "failed: $*"; }
}

install_packages() {
    local command="apt-get update && apt-get install -y --no-install-recommends $*"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "neither root nor sudo here; have an administrator run: $command"
        root=(sudo)
        sudo -v || die "sudo refused; have an administrator run: $command"
    fi
    say "installing Debian packages: $*"
    forbid_services
    quietly "${root[@]}" apt-get -q update
    quietly "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
elif ! pkg-config --exists 'libpq >= 15' libcrypto libcurl 2>/dev/null; then
    die "this is not Debian, so install these by hand: PostgreSQL 15 or newer with its server, the development files" \
        "of libpq, OpenSSL 3 and libcurl, pkg-config; for make test also curl and python3 with venv"
fi

make_venv() {
    local venv=$1 requirements=$2 python stamp
    # Debian's own python3 where there is one: others in PATH may lack the venv module.
    python=$(PATH=/usr/bin:$PATH command -v python3) || die "no python3 in PATH; install it"
    # The stamp is written last and names all that makes a venv stale, so a half-made one is made again.
    stamp=$({ pwd; "$python" --version; cat "$requirements"; } | sha256sum)
    [ "$(cat "$venv/stamp" 2>/dev/null)" != "$stamp" ] || return 0
    say "installing the tools of $requirements into $venv"
    rm -rf "$venv"
    quietly "$python" -m venv "$venv"
    quietly "$venv/bin/pip" install --quiet --no-input --disable-pip-version-check -r "$requirements"
    echo "$stamp" >"$venv/stamp"
}

case $purpose in
    test) make_venv .venv Tests/requirements.txt ;;
    bench) make_venv .build/bench/venv Benchmarks/requirements.txt ;;
esac
