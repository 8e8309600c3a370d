import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import createClient, { type Client as ApiClient } from "openapi-fetch";
import type { components, operations, paths } from "./contract.js";
import { OutputMissingError, type Problem, ProblemError, UnreachableError } from "./errors.js";
import { Patience, type Place, Request, Transport, placeFromEnvironment } from "./transport.js";

export type Job = components["schemas"]["Job"];
export type JobSubmission = components["schemas"]["JobSubmission"];
export type JobFilters = Omit<NonNullable<operations["listJobs"]["parameters"]["query"]>, "cursor">;
export type OutputStream = "stdout" | "stderr" | "output";

const HELD_SECONDS = 60;
const AT_ONCE_MS = 100;

/** Whether a job has ended; it stays as it is then. */
export const hasEnded = (job: Job): boolean => ["succeeded", "failed", "canceled", "lost"].includes(job.state);

/** A Kuid daemon. */
export class Client {
  private readonly transport: Transport;

  /** Every operation of the contract, typed by it: `client.api.GET("/v1/hosts")`. */
  readonly api: ApiClient<paths>;

  /** Without a place the one that the environment names. */
  constructor(place: Place = placeFromEnvironment()) {
    this.transport = new Transport(place);
    this.api = createClient<paths>({
      baseUrl: this.transport.baseUrl,
      fetch: this.transport.fetch,
      Request: Request as unknown as typeof globalThis.Request,
      querySerializer: queryOf,
    });
  }

  /**
   * Submits a job. It makes one job however often it has to be sent: each submission has an idempotency key, one of its own unless
   * `key` says another, which stays the same when it is sent again. With `wait`, at most 60, the answer comes when the job has
   * ended or the seconds are over.
   */
  async submit(submission: JobSubmission, options: { wait?: number; key?: string } = {}): Promise<Job> {
    return ok(await this.api.POST("/v1/jobs", {
      params: {
        header: { "Idempotency-Key": options.key ?? randomUUID() },
        ...(options.wait === undefined ? {} : { query: { wait: options.wait } }),
      },
      body: submission,
    }));
  }

  /** The job as it is now. */
  async get(id: number): Promise<Job> {
    return ok(await this.api.GET("/v1/jobs/{id}", { params: { path: { id } } }));
  }

  /** The job when it has ended, however long that takes. `changed` is called with it at each version on the way. */
  async wait(id: number, changed: (job: Job) => void = () => {}): Promise<Job> {
    let etag: string | null = null;
    for (;;) {
      const asked = performance.now();
      const held: Pick<operations["getJob"]["parameters"], "query" | "header"> =
        etag === null ? {} : { query: { wait: HELD_SECONDS }, header: { "If-None-Match": etag } };
      const answer = await this.api.GET("/v1/jobs/{id}", { params: { path: { id }, ...held } });
      if (answer.response.status === 304) {
        // Not held: the daemon is being stopped, and asking on and on would only slow it down.
        if (performance.now() - asked < AT_ONCE_MS) await pause(AT_ONCE_MS);
        continue;
      }
      const job = ok(answer);
      etag = answer.response.headers.get("ETag");
      changed(job);
      if (hasEnded(job)) return job;
    }
  }

  /** The jobs that pass the filters, newest first, fetched page by page as they are taken. */
  async *list(filters: JobFilters = {}): AsyncGenerator<Job, void, undefined> {
    let cursor: string | null = null;
    do {
      const page: components["schemas"]["JobList"] = ok(await this.api.GET("/v1/jobs", {
        params: { query: { ...filters, ...(cursor === null ? {} : { cursor }) } },
      }));
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  /** Ends the job, and returns it as it is then, which may be `canceling`. Cancelling what has ended changes nothing. */
  async cancel(id: number): Promise<Job> {
    return ok(await this.api.POST("/v1/jobs/{id}/cancel", { params: { path: { id } } }));
  }

  /** What the job has written so far, from the offset on. */
  async read(id: number, stream: OutputStream = "stdout", offset = 0): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.pieces(id, stream, offset, false)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /**
   * What the job writes, in pieces as it comes, until it has ended. When the connection breaks the next begins where it broke: every
   * byte comes, once. A job of which bytes were not kept is an OutputMissingError, before any byte that is not the one that was due.
   */
  follow(id: number, stream: OutputStream = "stdout", offset = 0): AsyncGenerator<Uint8Array, void, undefined> {
    return this.pieces(id, stream, offset, true);
  }

  /** Closes the connections that are kept for the next request, so that a program can end. */
  async close(): Promise<void> {
    await this.transport.close();
  }

  private async *pieces(id: number, stream: OutputStream, offset: number, follow: boolean): AsyncGenerator<Uint8Array, void, undefined> {
    const patience = new Patience(this.transport.patience);
    for (;;) {
      const { response, error } = await this.api.GET(`/v1/jobs/{id}/${stream}`, {
        params: { path: { id }, query: { offset, ...(follow ? { follow } : {}) } },
        parseAs: "stream",
      });
      if (error !== undefined || response.body === null) throw new ProblemError(response.status, error);
      if (response.headers.get("Kuid-Truncated") === "true") {
        await response.body.cancel();
        throw new OutputMissingError(`job ${id} wrote more to ${stream} than was kept; from ${offset} on it is not whole`);
      }
      const body = response.body.getReader();
      try {
        for (;;) {
          const { done, value } = await body.read().catch(async (failure: unknown) => {
            if (await patience.again()) return { done: true, value: null };
            throw new UnreachableError(`${stream} of job ${id} broke off at ${offset} again and again`, { cause: failure });
          });
          if (value === null) break;
          if (done || value === undefined) return;
          offset += value.byteLength;
          patience.progress();
          yield value;
        }
      } finally {
        // Whoever stops taking pieces lets go of the connection.
        await body.cancel().catch(() => {});
      }
    }
  }
}

// The contract has lists of two styles, and the types that are generated from it do not say which: those of `label` come one by one,
// any other in one, with commas.
const queryOf = (query: Record<string, unknown>): string => {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    if (name === "label" && Array.isArray(value)) for (const label of value) written.append(name, String(label));
    else written.append(name, String(value));
  }
  return written.toString();
};

const ok = <T>(answer: { data?: T; error?: Problem; response: globalThis.Response }): T => {
  if (answer.data === undefined) throw new ProblemError(answer.response.status, answer.error);
  return answer.data;
};
