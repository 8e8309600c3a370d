#!/bin/sh
# Runs a command as a job: its output as it comes, then once more from the history.
. "$(dirname "$0")/kuid.sh"

job=$(kuid_submit "{\"kind\": \"shell\", \"command\": $(kuid_json "$1")}" | kuid_member id) || exit

kuid_follow "$job" || exit

ended=$(kuid_wait "$job") || exit
echo "$(printf '%s' "$ended" | kuid_member state), $(kuid_read "$job" | wc -c) bytes, again: $(kuid_read "$job" | sha256sum)" >&2
