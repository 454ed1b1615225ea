export { principalOf } from './auth/authenticate.js';
export { askedByOperation, resourcesOfOperation } from './auth/asked-by-operation.js';
export {
  type AskedAction,
  demand,
  demandAll,
  givePermits,
  mayAll,
  mayDo,
  OPEN_PERMITS,
  type Permits,
  permitsFor,
  permitsOf,
} from './auth/permits.js';
export { type Sight, sightOf } from './auth/sight.js';
export { authorizationOf } from './auth/credentials.js';
export { firewallOf } from './auth/firewall.js';
export { buildVersion, ownUserName, packageVersion } from './build-version.js';
export { CLIENT_CONNECTIONS } from './connections/client-connections.js';
export { createHttpApp, type HttpAppOptions } from './create-http-app.js';
export { contentTypeOf } from './files/content-type.js';
export { type Chunk, MAX_READ_BYTES, readBytes, readChunk, type ReadRequest } from './files/read-chunk.js';
export { parseReadQuery, type ReadQuery } from './files/read-query.js';
export { firstOf } from './lists/first-of.js';
export type { ListQuery } from './lists/list-faults.js';
export type { ListKind } from './lists/list-kind.js';
export { comparePlaces, compareSorted, type Place, sortValue, type SortValue } from './lists/list-order.js';
export { newestMs } from './lists/newest.js';
export { type ItemCount, ListRequest, type Placed } from './lists/list-request.js';
export { answerToggle } from './mesos/answer-toggle.js';
export { type MachineLoad, machineLoad, machineStats } from './mesos/machine-load.js';
export { durationText, parseDuration } from './mesos/mesos-duration.js';
export { canonicalUrl, ownerOf, redirectTarget, type PathKind, type PublicService } from './mesos-paths.js';
export { LISTS } from './lists/lists.js';
export type { QueryParameters } from './openapi/operation.js';
export { type OpenApiDocument, sumOfDocuments } from './openapi/openapi-document.js';
export { type Fault, malformed, type Problem, problem, unknown } from './problem.js';
export { ProblemError } from './problem.errors.js';
export { sendProblem } from './send-problem.js';
export { lastEventId, type SseEvent, SseStream, type StreamAsked, wantsStream } from './streams/sse-stream.js';
export { streamPages } from './streams/stream-pages.js';
export { sourceOf } from './streams/stream-lists.js';
export { Flag, flagFault, readFlag, type RequestQuery } from './query-flags.js';
export type { KeptAnswer, NotedChange, RequestStore, StoredAnswer } from './request-store.port.js';
export { jsonBody, rawBody, type Refusal, sendJsonText, sendRefusal } from './reply.js';
export type { RunningService } from './running-service.js';
export { type DependencyState, describeSelf, selfOf, type ServiceSelf, shownDependencies } from './service-self.js';
export { splitVerb } from './target-verb.js';
export { HttpListener, type HttpListenerOptions, servesHttps } from './tls/http-listener.js';
export { serveApp, type ServedAt } from './tls/serve-app.js';
export { trustEverywhere, trustOf } from './tls/trust.js';
export { type FoundTraces, type ListedTraces, ownTraces, type TraceSource } from './traces.js';
