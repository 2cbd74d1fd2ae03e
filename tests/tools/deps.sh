#!/bin/sh
# deps.sh GROUP...: install the Debian packages of these groups that are missing, and say which. As root it installs;
# otherwise it uses sudo if that needs no password, or says what to type.
set -eu
need=""
want() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' || need="$need $1"; }
for group in "$@"; do
    case $group in
    build)
        command -v cc >/dev/null 2>&1 || want gcc
        for p in libc6-dev make pkg-config libpcre2-dev libutf8proc-dev libxxhash-dev zlib1g-dev libzstd-dev tzdata; do want $p; done
        command -v pkg-config >/dev/null 2>&1 || want pkgconf
        ;;
    check) for p in check g++ python3; do want $p; done ;;
    full) for p in clang valgrind python3 python3-venv; do want $p; done ;;
    bench) for p in check binutils; do want $p; done ;;
    peers)
        for p in python3 python3-venv; do want $p; done
        command -v java >/dev/null 2>&1 || want openjdk-17-jre-headless
        ;;
    lint) for p in clang-format; do want $p; done ;;
    *) echo "deps.sh: unknown group $group" >&2; exit 2 ;;
    esac
done
if [ -z "$need" ]; then
    exit 0
fi
echo "These packages are missing and will be installed:$need"
if [ "$(id -u)" = 0 ]; then
    run=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    run="sudo"
else
    echo "Not root, and sudo asks for a password. Please run: sudo apt-get install$need" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
# shellcheck disable=SC2086
$run apt-get install -y -qq --no-install-recommends $need >/dev/null
echo "Installed:$need"
