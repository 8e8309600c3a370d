# Prints what became of the rows of the fault catalogue: "rows, automated, passed, failed, skipped".
#
#   awk -f tests/rows.awk tests/rows.tsv RESULT...
#
# A result is a trx file of dotnet test, or the output of the C tests ("ok NAME", "FAILED NAME", "skipped NAME"). The name of a
# test of row N begins with Row_N_ (or Rows_N_and_M_). A row passed when all its tests did, failed when one did.
FNR == 1 { file++ }

file == 1 {
    split($0, field, "\t")
    rows++
    if (field[3] == "automated") { automated[field[1]] = 1; count++ }
    next
}

/<UnitTestResult / {
    name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name); sub(/\(.*/, "", name); sub(/.*\./, "", name)
    outcome = $0; sub(/.* outcome="/, "", outcome); sub(/".*/, "", outcome)
    note(name, outcome == "Passed" ? "passed" : outcome == "Failed" ? "failed" : "skipped")
}

/^(ok|FAILED|skipped) [Rr]ows?_/ { note($2, $1 == "ok" ? "passed" : $1 == "FAILED" ? "failed" : "skipped") }

function note(name, outcome,    part, parts, i) {
    if (name !~ /^[Rr]ows?_[0-9]/) return
    parts = split(name, part, "_")
    for (i = 2; i <= parts && (part[i] ~ /^[0-9]+$/ || part[i] == "and"); i++) {
        if (part[i] != "and") seen[part[i], outcome] = 1
        if (part[1] ~ /^[Rr]ow$/) return
    }
}

END {
    for (n = 1; n <= rows; n++) {
        if (!(n in automated)) continue
        if ((n, "failed") in seen) { failed++; list["failed"] = list["failed"] " " n }
        else if ((n, "skipped") in seen) { skipped++; list["skipped"] = list["skipped"] " " n }
        else if ((n, "passed") in seen) passed++
        else { missing++; list["not run"] = list["not run"] " " n }
    }
    print "rows of the fault catalogue (tests/rows.tsv)"
    printf "%6s %10s %7s %7s %8s\n", "rows", "automated", "passed", "failed", "skipped"
    printf "%6d %10d %7d %7d %8d\n", rows, count, passed, failed, skipped
    for (outcome in list) print "rows " outcome ":" list[outcome]
}
