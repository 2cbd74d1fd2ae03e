#!/bin/sh
# man.sh HEADER: the manual page streamq(3), made from the header: its comments are the text, its declarations the
# synopsis of each chapter.
set -eu
awk '
function esc(s) { gsub(/\\/, "\\e", s); gsub(/-/, "\\-", s); if (s ~ /^[.\x27]/) s = "\\&" s; return s }
BEGIN {
    print ".TH STREAMQ 3 \"\" \"streamq\" \"Library Functions Manual\""
    print ".SH NAME\nstreamq \\- micro\\-batch stream queries in process"
    print ".SH SYNOPSIS\n.nf\n#include <streamq.h>\n\ncc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs streamq)\n.fi"
    print ".SH DESCRIPTION\n.nf"
    top = 1
}
/^#ifndef STREAMQ_H/ { top = 0; next }
top { sub(/^ \* ?/, ""); if ($0 !~ /^\/\*|^\*\/$|^ \*\//) print esc($0); next }
/^\/\* -+ [0-9]+ .* \*\/$/ { line = $0; gsub(/^\/\* -+ | \*\/$/, "", line); print ".fi\n.SH \"" toupper(line) "\"\n.nf"; next }
/^#|^extern "C"|^}$/ { next }
{ sub(/^STREAMQ_API /, ""); print esc($0) }
END { print ".fi" }
' "$1"
