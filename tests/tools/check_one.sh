#!/bin/sh
# check_one.sh JOBS NUMBER: runs one line of JOBS/list (name, tab, command); its output and status stay in JOBS.
set -u
command=$(sed -n "$2p" "$1/list" | cut -f 2-)
timeout "${LIMIT:-100}" sh -c "$command" >"$1/$2.log" 2>&1
echo $? >"$1/$2.status"
