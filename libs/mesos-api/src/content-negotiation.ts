import type { ApiRefusal } from './http-error.js';

/** What the v1 endpoints read and write. */
export type MediaType = 'application/json' | 'application/x-protobuf';

export const JSON_TYPE: MediaType = 'application/json';
export const PROTOBUF_TYPE: MediaType = 'application/x-protobuf';
/** Only the agent's streaming calls speak it. */
export const RECORDIO_TYPE = 'application/recordio';

/** Header of the answer to SUBSCRIBE and of every later call of that scheduler. */
export const STREAM_ID_HEADER = 'Mesos-Stream-Id';

/** The type that was agreed on, or the refusal to answer with. */
export type Negotiated<T extends string = MediaType> =
  | { readonly ok: true; readonly mediaType: T }
  | { readonly ok: false; readonly refusal: ApiRefusal };

/**
 * Type of a request's body. The header is compared byte for byte, as Mesos does: `application/json; charset=utf-8` is
 * refused.
 *
 * @param contentType value of the `Content-Type` header, if any
 */
export function requestMediaType(contentType: string | undefined): Negotiated {
  if (contentType === undefined) {
    return { ok: false, refusal: { kind: 'bad-request', message: "Expecting 'Content-Type' to be present" } };
  }
  if (contentType === JSON_TYPE || contentType === PROTOBUF_TYPE) return { ok: true, mediaType: contentType };
  const message = `Expecting 'Content-Type' of ${JSON_TYPE} or ${PROTOBUF_TYPE}`;
  return { ok: false, refusal: { kind: 'unsupported-media-type', message } };
}

/**
 * Type of the answer: JSON whenever it is acceptable, whatever the order or weight in the header, else protobuf.
 *
 * @param accept value of the `Accept` header; none accepts everything
 */
export function responseMediaType(accept: string | undefined): Negotiated {
  const mediaType = firstAcceptable(accept, [JSON_TYPE, PROTOBUF_TYPE]);
  if (mediaType !== undefined) return { ok: true, mediaType };
  const message = `Expecting 'Accept' to allow '${PROTOBUF_TYPE}' or '${JSON_TYPE}'`;
  return { ok: false, refusal: { kind: 'not-acceptable', message } };
}

/**
 * The first of some types that an `Accept` (or `Message-Accept`) header allows.
 *
 * @param candidates in order of preference
 */
export function firstAcceptable<T extends string>(accept: string | undefined, candidates: readonly T[]): T | undefined {
  if (accept === undefined) return candidates[0];
  const ranges = accept.split(',').flatMap(mediaRange);
  return candidates.find((candidate) => isAcceptable(ranges, candidate));
}

interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  readonly isExcluded: boolean;
}

const ZERO_WEIGHT = /^q\s*=\s*0(?:\.0*)?$/i;

function mediaRange(text: string): MediaRange[] {
  const [range, ...parameters] = text.split(';').map((part) => part.trim());
  const [type, subtype, ...rest] = (range ?? '').toLowerCase().split('/');
  if (!type || !subtype || rest.length > 0) return [];
  return [{ type, subtype, isExcluded: parameters.some((parameter) => ZERO_WEIGHT.test(parameter)) }];
}

/** The most specific range that covers a type decides; `q=0` excludes it. */
function isAcceptable(ranges: readonly MediaRange[], mediaType: string): boolean {
  const [type, subtype] = mediaType.split('/');
  const exact = ranges.filter((range) => range.type === type && range.subtype === subtype);
  const family = ranges.filter((range) => range.type === type && range.subtype === '*');
  const any = ranges.filter((range) => range.type === '*' && range.subtype === '*');
  const deciding = [exact, family, any].find((group) => group.length > 0);
  return deciding?.some((range) => !range.isExcluded) ?? false;
}
