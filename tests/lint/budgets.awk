# budgets.awk -v allow=FILE FILE...: sources of 600 lines at most, functions of 60. FILE lists the exceptions, one a
# line: a file's name or a function's, then why.
BEGIN {
    while ((getline line < allow) > 0) {
        split(line, w, /[ \t]+/)
        if (w[1] != "" && w[1] !~ /^#/)
            ok[w[1]] = 1
    }
}
FNR == 1 { start = 0 }
FNR == 601 { n = split(FILENAME, p, "/"); if (!ok[p[n]]) { print FILENAME ": more than 600 lines"; bad = 1 } }
# A definition: the line before a "{" in the first column names the function.
/^\{/ { start = FNR; name = head; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name); next }
/^\}/ && start {
    if (FNR - start + 1 > 60 && !ok[name]) { print FILENAME ":" start ": " name " has " (FNR - start + 1) " lines"; bad = 1 }
    start = 0
}
/^[a-z].*\(/ { head = $0 }
END { exit bad }
