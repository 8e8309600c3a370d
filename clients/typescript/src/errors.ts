import type { components } from "./contract.js";

/** RFC 9457, as the contract has it. */
export type Problem = components["schemas"]["Problem"];

/** The daemon refused a request; `code` is the word to decide by. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: string | null;

  constructor(readonly status: number, readonly problem: Problem | undefined) {
    super(`${status} ${problem?.code}: ${problem?.detail}`);
    this.code = problem?.code ?? null;
  }
}

/** No answer came within the client's patience; `cause` is the last failure. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** Bytes that were asked for have not been kept, so what follows would not be what the job wrote. */
export class OutputMissingError extends Error {
  override readonly name = "OutputMissingError";
}
