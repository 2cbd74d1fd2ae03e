# layers.awk FILE...: the layer law. A file of a room may include headers of the same room, of the rooms listed for it,
# and public headers. The room of a header is the folder it stands in.
BEGIN {
    may["base"] = "base"
    may["os"] = "os"
    may["data"] = "base os data"
    may["expr"] = "base os data expr"
    may["state"] = "base os data state"
    may["plan"] = "base os data expr state plan"
    may["op"] = "base os data expr state op"
    may["io"] = "base os data expr state io"
    may["run"] = "base os data expr state plan op io run"
    may["api"] = "base os data expr state plan op io run api"
    for (i = 1; i < ARGC; ++i) {
        n = split(ARGV[i], p, "/")
        home[p[n]] = p[n - 1]
    }
    home["streamq.h"] = home["streamq_ext.h"] = home["streamq_arrow.h"] = "include"
}
/^#include "/ {
    split($0, q, "\"")
    n = split(FILENAME, p, "/")
    room = p[n - 1]
    target = home[q[2]]
    if (target == "")
        print FILENAME ":" FNR ": " q[2] " is in no room"
    else if (target != "include" && (" " may[room] " ") !~ (" " target " "))
        print FILENAME ":" FNR ": room " room " must not include " q[2] " of room " target
    else
        next
    bad = 1
}
END { exit bad }
