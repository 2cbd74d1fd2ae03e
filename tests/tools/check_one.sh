#!/bin/sh
# check_one.sh JOBS NUMBER: runs one line of JOBS/list (name, tab, command); its output, its status and the seconds that it
# took (and the name) stay in JOBS.
set -u
line=$(sed -n "$2p" "$1/list")
tab=$(printf '\t')
now() { cut -d ' ' -f 1 /proc/uptime 2>/dev/null || date +%s; }
start=$(now)
timeout "${LIMIT:-100}" sh -c "${line#*"$tab"}" >"$1/$2.log" 2>&1
echo $? >"$1/$2.status"
echo "$start $(now) ${line%%"$tab"*}" | awk '{ seconds = $2 - $1; $1 = $2 = ""; printf "%.2f%s\n", seconds, substr($0, 2) }' >"$1/$2.seconds"
