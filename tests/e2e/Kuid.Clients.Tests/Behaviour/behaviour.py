from kuid import Client, OutputMissing, Problem

kuid = Client.from_environment()


def refusal(call):
    try:
        call()
    except Problem as problem:
        return problem.code


print("submit:", refusal(lambda: kuid.submit({"command": ""})))
print("get:", refusal(lambda: kuid.get(4711)))

job = kuid.submit({"command": "sleep 600"})
kuid.cancel(job["id"])
print("cancel:", kuid.wait(job["id"])["state"])

labels = {"team": "web", "nightly": "yes"}
failed = [kuid.submit({"command": "echo trouble >&2; exit 3", "labels": labels}, wait=60)["id"] for _ in range(3)]
print("list:", [job["id"] for job in kuid.list(state=["failed", "lost"], label=["team=web", "nightly"], limit=2)] == failed[::-1])
print("stderr:", kuid.read(failed[0], "stderr").decode().strip())
print("offset:", kuid.read(failed[0], "output", 4).decode().strip())

large = kuid.submit({"command": "seq 1 100000", "maxOutputBytes": 1000}, wait=60)
try:
    next(kuid.follow(large["id"]))
except OutputMissing:
    print("truncated: missing")

key = "the-same"
print("key:", kuid.submit({"command": "true"}, key=key)["id"] == kuid.submit({"command": "true"}, key=key)["id"])
print("other:", kuid.request("GET", "/healthz")["status"])
