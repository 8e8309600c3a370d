export { Client, hasEnded, type Job, type JobFilters, type JobSubmission, type OutputStream } from "./client.js";
export type { components, operations, paths } from "./contract.js";
export { OutputMissingError, type Problem, ProblemError, UnreachableError } from "./errors.js";
export { type Place, placeFromEnvironment } from "./transport.js";
