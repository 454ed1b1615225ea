/**
 * UUIDs of status updates: 16 bytes, base64 in v1 documents, hyphenated hexadecimal in texts.
 */

const BYTES = 16;
const TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Why the `uuid` of an acknowledgement or update is none.
 *
 * @param base64 as in a v1 document
 * @returns Mesos' text, or undefined when there are 16 bytes of an RFC 4122 version, 1 to 5
 */
export function uuidError(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const version = (bytes[6] ?? 0) >> 4;
  return bytes.length === BYTES && version >= 1 && version <= 5 ? undefined : 'Not a valid UUID';
}

/** `2qhNAhjKTNCPEPj0zd1zAw==` → `daa84d02-18ca-4cd0-8f10-f8f4cddd7303`; the bytes must be 16. */
export function uuidFromBase64(base64: string): string {
  const hex = Buffer.from(base64, 'base64').toString('hex');
  if (hex.length !== BYTES * 2) throw new RangeError(`a UUID has 16 bytes, not ${hex.length / 2}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** `daa84d02-18ca-4cd0-8f10-f8f4cddd7303` → `2qhNAhjKTNCPEPj0zd1zAw==`. */
export function uuidToBase64(text: string): string {
  if (!TEXT.test(text)) throw new RangeError(`not a UUID: ${JSON.stringify(text)}`);
  return Buffer.from(text.replaceAll('-', ''), 'hex').toString('base64');
}
