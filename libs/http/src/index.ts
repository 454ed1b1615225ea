export { principalOf } from './auth/authenticate.js';
export { authorizationOf } from './auth/credentials.js';
export { buildVersion, ownUserName, packageVersion } from './build-version.js';
export { createHttpApp, type HttpAppOptions } from './create-http-app.js';
export { contentTypeOf } from './files/content-type.js';
export { type Chunk, MAX_READ_BYTES, readBytes, readChunk, type ReadRequest } from './files/read-chunk.js';
export { parseReadQuery, type ReadQuery } from './files/read-query.js';
export {
  type ListQuery,
  ListRequest,
  mergePages,
  type Place,
  type Placed,
} from './list-request.js';
export { answerToggle } from './mesos/answer-toggle.js';
export { type MachineLoad, machineLoad, machineStats } from './mesos/machine-load.js';
export { durationText, parseDuration } from './mesos/mesos-duration.js';
export { canonicalUrl, ownerOf, redirectTarget, type PathKind, type PublicService } from './mesos-paths.js';
export { LISTS } from './openapi/lists.js';
export type { QueryParameters } from './openapi/operation.js';
export { type OpenApiDocument, sumOfDocuments } from './openapi/openapi-document.js';
export { type Fault, malformed, type Problem, problem, unknown } from './problem.js';
export { ProblemError } from './problem.errors.js';
export { lastEventId, type SseEvent, SseStream, wantsStream } from './streams/sse-stream.js';
export { Flag, flagFault, readFlag, type RequestQuery } from './query-flags.js';
export { jsonBody, rawBody, type Refusal, sendJsonText, sendRefusal } from './reply.js';
export type { RunningService } from './running-service.js';
export { splitVerb } from './target-verb.js';
export { type ListedTraces, ownTraces, type TraceSource } from './traces.js';
