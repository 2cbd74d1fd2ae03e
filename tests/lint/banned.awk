# banned.awk FILE...: calls that do not belong in the library. stdio's formatting into memory is fine; streams are only
# for the console sink.
BEGIN {
    split("exit abort _exit signal sigaction system popen printf fprintf puts putchar fputs fopen gets strcpy strcat sprintf vsprintf " \
          "strtok strtod strtol strtoll strtoul atoi atol atof setlocale localtime gmtime mktime rand srand alloca", b, " ")
    for (i in b) banned[b[i]] = 1
    split("malloc calloc realloc free", m, " ")
    for (i in m) heap[m[i]] = 1
}
FNR == 1 { comment = 0; n = split(FILENAME, p, "/"); file = p[n] }
{
    line = $0
    gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
    if (comment) { if (!sub(/.*\*\//, "", line)) next; comment = 0 }
    gsub(/\/\*[^*]*\*\//, "", line)
    if (sub(/\/\*.*/, "", line)) comment = 1
    while (match(line, /(^|[^A-Za-z0-9_.>])[a-z_]+ *\(/)) {
        word = substr(line, RSTART, RLENGTH)
        gsub(/[^a-z_]/, "", word)
        if (word in banned || (word in heap && file != "base_alloc.c")) { print FILENAME ":" FNR ": " word; bad = 1 }
        line = substr(line, RSTART + RLENGTH - 1)
    }
}
END { exit bad }
