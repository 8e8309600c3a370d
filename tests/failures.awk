# Prints the failed tests in the log of a suite again, each with the first lines of what it said. Reads the console logger of
# dotnet test, whose block for a failed test is "  Failed NAME [time]", "  Error Message:", the message, "  Stack Trace:", the
# stack; and the C tests, which say "not ok - SENTENCE (why)" in one line.

BEGIN { most = 12 }

/^not ok - / { print "FAILED " substr($0, 10); next }

/^  Failed .* \[[^]]*\]$/ {
    sub(/^  Failed /, "FAILED ")
    print
    inside = 1
    lines = 0
    next
}

# The next test, or what the runner says between them, ends the block; a message may have empty lines.
/^  (Passed|Skipped) / || /^\[xUnit/ { inside = stack = 0; next }

!inside || /^ *$/ { next }
/^  Error Message:/ { next }
/^  Standard (Output|Error) Messages:/ { inside = stack = 0; next }
/^  Stack Trace:/ { stack = 1; next }

# Of the stack only where the test stood: the first line with a source file of a suite.
stack && / in .*\.Tests\/.*:line [0-9]+/ {
    sub(/^.* in .*\/tests\//, "   at tests/")
    print
    inside = stack = 0
    next
}

!stack && lines < most { lines++; print "  " substr($0, 1, 300) }
