import { Client, OutputMissingError } from "kuid-client";

const kuid = new Client();
const refusal = (promise) => promise.then(() => undefined, (error) => error.code);

console.log("submit:", await refusal(kuid.submit({ command: "" })));
console.log("get:", await refusal(kuid.get(4711)));

const job = await kuid.submit({ command: "sleep 600" });
await kuid.cancel(job.id);
console.log("cancel:", (await kuid.wait(job.id)).state);

const labels = { team: "web", nightly: "yes" };
const failed = [];
for (let n = 0; n < 3; n++) failed.push((await kuid.submit({ command: "echo trouble >&2; exit 3", labels }, { wait: 60 })).id);
const listed = [];
for await (const job of kuid.list({ state: ["failed", "lost"], label: ["team=web", "nightly"], limit: 2 })) listed.push(job.id);
console.log("list:", String(listed) === String(failed.toReversed()) ? "True" : listed);
console.log("stderr:", String(await kuid.read(failed[0], "stderr")).trim());
console.log("offset:", String(await kuid.read(failed[0], "output", 4)).trim());

const large = await kuid.submit({ command: "seq 1 100000", maxOutputBytes: 1000 }, { wait: 60 });
await kuid.follow(large.id).next().catch((error) => console.log("truncated:", error instanceof OutputMissingError ? "missing" : error));

const key = "the-same";
const twice = [await kuid.submit({ command: "true" }, { key }), await kuid.submit({ command: "true" }, { key })];
console.log("key:", twice[0].id === twice[1].id ? "True" : twice);
console.log("other:", (await kuid.api.GET("/healthz")).data.status);
await kuid.close();
