. clients/sh/kuid.sh

# The word that the daemon refuses with.
refusal() { "$@" 2>&1 | sed -n 's/.*"code":"\([a-z]*\)".*/\1/p'; }
say() { echo "$1: $2"; }

say submit "$(refusal kuid_submit '{"command":""}')"
say get "$(refusal kuid_get 4711)"

job=$(kuid_submit '{"command":"sleep 600"}' | kuid_member id)
kuid_cancel "$job" > /dev/null
say cancel "$(kuid_wait "$job" | kuid_member state)"

for _ in 1 2 3; do
    failed=$(kuid_submit '{"command":"echo trouble >&2; exit 3"}' | kuid_member id)
    kuid_wait "$failed" > /dev/null
done
[ "$(kuid_list 'state=failed,lost&limit=1' | kuid_member id)" = "$failed" ] && say list True
say stderr "$(kuid_read "$failed" stderr)"
say offset "$(kuid_read "$failed" output 4)"

large=$(kuid_submit '{"command":"seq 1 100000","maxOutputBytes":1000}' | kuid_member id)
kuid_wait "$large" > /dev/null
kuid_follow "$large" 2>&1 | grep -q '^kuid: .*is not whole$' && say truncated missing

again() { kuid_submit '{"command":"true"}' the-same | kuid_member id; }
[ "$(again)" = "$(again)" ] && say key True
say other "$(kuid_request GET /healthz | kuid_member status)"
