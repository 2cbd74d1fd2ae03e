#!/bin/sh
# install_check.sh BUILD: install into a folder, then build and run a C and a C++ program outside the tree against what
# was installed, shared and static, found with pkg-config.
set -eu
build=$(cd "$1" && pwd)
root=$build/installed
work=$build/outside
rm -rf "$root" "$work"
mkdir -p "$work"
make -s --no-print-directory BUILD="$build" CFLAGS='-O1 -g' PREFIX="$root" install >/dev/null
cp tests/tools/outside.c "$work/outside.c"
cp tests/tools/outside.c "$work/outside.cpp"
cd "$work"
export PKG_CONFIG_PATH="$root/lib/pkgconfig"
# shellcheck disable=SC2046
cc -Wall -Werror outside.c -o c_shared $(pkg-config --cflags --libs streamq)
# shellcheck disable=SC2046
c++ -Wall -Werror outside.cpp -o cpp_shared $(pkg-config --cflags --libs streamq)
# shellcheck disable=SC2046
cc -Wall -Werror outside.c -o c_static $(pkg-config --cflags streamq) "$root/lib/libstreamq.a" $(pkg-config --static --libs-only-l streamq | sed 's/-lstreamq//')
for program in c_shared cpp_shared c_static; do
    LD_LIBRARY_PATH="$root/lib" ./$program >$program.out
    grep -q '|  b|    2|' $program.out || { echo "install: $program printed"; cat $program.out; exit 1; }
done
readelf -d "$root/lib/libstreamq.so" | grep -q 'SONAME.*libstreamq.so.0'
test -s "$root/share/man/man3/streamq.3"
mkdir empty
"$root/bin/streamq-checkpoint" empty | grep -q '^The directory is new'
echo "installed library works for C and C++, shared and static, and so does streamq-checkpoint"
