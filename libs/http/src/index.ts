export { buildVersion, ownUserName, packageVersion } from './build-version.js';
export { createHttpApp, type HttpAppOptions } from './create-http-app.js';
export { ANY_TEXT, type ListFilters, type ListQuery, ListRequest, type Placed } from './list-request.js';
export { canonicalUrl, ownerOf, type PathKind, type PublicService } from './mesos-paths.js';
export { type Fault, malformed, type Problem, problem, unknown } from './problem.js';
export { ProblemError } from './problem.errors.js';
export { jsonBody, rawBody, type Refusal, sendJsonText, sendRefusal } from './reply.js';
export type { RunningService } from './running-service.js';
export { type ListedTraces, ownTraces, type TraceSource } from './traces.js';
