#!/bin/sh
# headers.sh BUILD: each public header compiles alone, as C99 and as C++11, with every warning an error.
set -eu
build=$1
for header in include/*.h; do
    cc -std=c99 -pedantic -Wall -Wextra -Werror -Iinclude -fsyntax-only -x c "$header"
    c++ -std=c++11 -pedantic -Wall -Wextra -Werror -Iinclude -fsyntax-only -x c++ "$header"
done
echo "headers compile alone as C99 and C++11 ($build)"
