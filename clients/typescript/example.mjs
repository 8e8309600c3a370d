// Runs a command as a job: its output as it comes, then once more from the history.
import { Client } from "kuid-client";

const kuid = new Client();
const job = await kuid.submit({ kind: "shell", command: process.argv[2] });

const followed = [];
for await (const piece of kuid.follow(job.id)) {
  followed.push(piece);
  process.stdout.write(piece);
}

const ended = await kuid.wait(job.id);
const kept = await kuid.read(job.id);
const same = kept.equals(Buffer.concat(followed));
console.error(`${ended.state}, ${kept.length} bytes, again the same: ${same}`);
await kuid.close();
