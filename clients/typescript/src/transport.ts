import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Agent, Request, fetch, type Response } from "undici";
import { UnreachableError } from "./errors.js";

/** Where a daemon is and how patient to be with it. */
export type Place = {
  /** For how many seconds a daemon that cannot be reached, or is too busy, is asked again; 30 unless said. */
  patience?: number;
} & (
  | { /** The path of the Unix socket of the HTTP door. */ socket: string }
  | { /** Such as http://127.0.0.1:8080. */ url: string; token: string }
  | { url: string; /** The file that holds the token. */ tokenFile: string }
);

/** The daemon that KUID_SOCKET names, or KUID_URL together with KUID_TOKEN_FILE. */
export const placeFromEnvironment = (): Place => {
  const { KUID_SOCKET: socket, KUID_URL: url, KUID_TOKEN_FILE: tokenFile } = process.env;
  if (socket !== undefined && url === undefined) return { socket };
  if (socket === undefined && url !== undefined && tokenFile !== undefined) return { url, tokenFile };
  throw new Error("KUID_SOCKET, or KUID_URL and KUID_TOKEN_FILE, has to say where the daemon is");
};

const FIRST_PAUSE = 0.1;
const LONGEST_PAUSE = 5;

/** When to give up. It starts with the first failure, and anew after `progress`. */
export class Patience {
  private since: number | undefined;
  private next = FIRST_PAUSE;

  constructor(private readonly seconds: number) {}

  progress(): void {
    this.since = undefined;
    this.next = FIRST_PAUSE;
  }

  /** Waits until it is time for another attempt; false, at once, when there should be none. */
  async again(after?: number): Promise<boolean> {
    const now = performance.now() / 1000;
    this.since ??= now;
    const wait = after ?? this.next;
    if (now + wait > this.since + this.seconds) return false;
    this.next = Math.min(2 * this.next, LONGEST_PAUSE);
    await pause(wait * 1000);
    return true;
  }
}

/** The operations that may be sent again after their connection broke: those that read, and those that do nothing the second time. */
const repeatable = (request: Request): boolean =>
  request.method === "GET" || request.headers.has("Idempotency-Key") || /\/cancel$/.test(new URL(request.url).pathname);

/**
 * The fetch of one daemon. What may be repeated is sent again when its connection fails; 429 and 503 mean that nothing was done, so
 * such an answer is waited out for as long as its Retry-After says.
 */
export class Transport {
  private readonly agent: Agent;
  readonly baseUrl: string;
  readonly patience: number;

  constructor(private readonly place: Place) {
    // A job may be silent for hours, and then its followers hear nothing; an answer that is held comes after 60 seconds at most.
    const limits = { bodyTimeout: 0, headersTimeout: 90_000 };
    this.agent = new Agent("socket" in place ? { ...limits, connect: { socketPath: place.socket } } : limits);
    this.baseUrl = "socket" in place ? "http://localhost" : place.url.replace(/\/$/, "");
    this.patience = place.patience ?? 30;
  }

  /** For openapi-fetch, whose idea of a Request is the same but for where its type comes from. */
  readonly fetch = async (request: globalThis.Request): Promise<globalThis.Response> =>
    (await this.send(request as unknown as Request)) as unknown as globalThis.Response;

  async send(request: Request): Promise<Response> {
    const token = await this.token();
    if (token !== undefined) request.headers.set("Authorization", `Bearer ${token}`);
    const patience = new Patience(this.patience);
    for (;;) {
      let after: number | undefined;
      try {
        // The body of a Request can be sent once.
        const answer = await fetch(request.clone(), { dispatcher: this.agent });
        after = answer.status === 429 || answer.status === 503 ? seconds(answer.headers.get("Retry-After")) : undefined;
        if (after === undefined || !(await patience.again(after))) return answer;
        await answer.body?.cancel();
      } catch (failure) {
        if (request.signal.aborted || !repeatable(request) || !(await patience.again())) {
          throw new UnreachableError(`${request.method} ${new URL(request.url).pathname}: ${reason(failure)}`, { cause: failure });
        }
      }
    }
  }

  /** Closes the connections that are kept for the next request. */
  async close(): Promise<void> {
    await this.agent.close();
  }

  private async token(): Promise<string | undefined> {
    if ("token" in this.place) return this.place.token;
    return "tokenFile" in this.place ? (await readFile(this.place.tokenFile, "ascii")).trim() : undefined;
  }
}

export { Request };

const seconds = (header: string | null): number | undefined => (header !== null && /^\d+$/.test(header) ? Number(header) : undefined);

// fetch says "fetch failed" and keeps the reason to itself, in `cause`.
const reason = (failure: unknown): string => {
  const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
  return cause instanceof Error ? cause.message : String(cause);
};
