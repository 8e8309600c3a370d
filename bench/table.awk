# Turns cases and figures into a Markdown table of medians.
#
# The first file holds cases, "name|connections|requests|stdin bytes|figure|command"; the second holds
# figures, "case|daemon|round|number". Ratios are taken within a round, between neighbours in time,
# and only then is their median taken: the machine's drift cancels out that way.

BEGIN {
    FS = "|"
    print "| case | command | connections | unit | Kuid | original | times as fast |"
    print "|---|---|---:|---|---:|---:|---:|"
}

FNR == NR { order[++cases] = $1; connections[$1] = $2; figure[$1] = $5; command[$1] = $6; next }

{ number[$1, $2, $3] = $4; rounds = $3 > rounds ? $3 : rounds }

END {
    for (i = 1; i <= cases; i++)
        if (figure[order[i]] != "limit") print_row(order[i])
    for (i = 1; i <= cases; i++)
        if (figure[order[i]] == "limit") print_limit(order[i])
}

function print_row(name,    unit, format) {
    unit = figure[name] == "p50" ? "ms" : figure[name] == "rate" ? "1/s" : "MB/s"
    format = unit == "ms" ? "%.2f" : "%.0f"
    printf "| %s | `%s` | %d | %s | %s | %s | %s |\n", name, command[name], connections[name], unit,
        summary(name, "kuid", format), summary(name, "original", format), ratio(name, unit == "ms")
}

function print_limit(name) {
    printf "\nThe machine's limit, %d threads that only spawn `/bin/sh -c true`: %s per second.\n",
        connections[name], summary(name, "limit", "%.0f")
}

function summary(name, daemon, format,    r, n, v) {
    for (r = 1; r <= rounds; r++)
        if ((name, daemon, r) in number) v[++n] = number[name, daemon, r]
    return spread(v, n, format)
}

function ratio(name, lower_is_better,    r, n, v, a, b) {
    for (r = 1; r <= rounds; r++) {
        a = number[name, "kuid", r]
        b = number[name, "original", r]
        if (a > 0 && b > 0) v[++n] = lower_is_better ? b / a : a / b
    }
    return spread(v, n, "%.2f")
}

function spread(v, n, format,    middle) {
    if (!n) return "-"
    sort(v, n)
    middle = n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
    return sprintf(format " (" format " to " format ")", middle, v[1], v[n])
}

function sort(v, n,    i, j, t) {
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && v[j - 1] > v[j]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
}
