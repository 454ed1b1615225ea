import { ImageError } from '../image.errors.js';

/** Size of a header, and what bodies are filled up to. */
export const BLOCK = 512;

/** What of an entry's header matters here. */
export interface TarHeader {
  readonly type: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch. */
  readonly modifiedAt: number;
}

/** A block that ends an archive. */
export const isZero = (block: Buffer): boolean => block.every((byte) => byte === 0);

/** @source POSIX.1-2001, ustar; GNU tar for numbers in base 256 */
export function readHeader(block: Buffer): TarHeader {
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    type: String.fromCharCode(block[156] ?? 0),
    name: prefix === '' ? name : `${prefix}/${name}`,
    sizeBytes: number(block, 124, 12),
    mode: number(block, 100, 8),
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    modifiedAt: number(block, 136, 12),
  };
}

/** As many digits as a record's own length may have: more than the longest header needs. */
const MAX_LENGTH_DIGITS = 7;

/**
 * Records of a pax header that concern an entry's place and length. Takes time linear in the length of the body, whatever it holds.
 *
 * @throws ImageError bad-layer for a record that is none: tar could read on where this does not, and the two take different names for an entry's
 * @source POSIX.1-2001: pax, `LENGTH NAME=VALUE\n` with the length of all of it
 */
export function readPax(body: Buffer): { readonly path?: string; readonly sizeBytes?: number } {
  const records: { path?: string; sizeBytes?: number } = {};
  // tar takes a zero for the end.
  for (let at = 0; at < body.length && body[at] !== 0; ) {
    const [name, value, end] = readRecord(body, at);
    if (name === 'path') records.path = value;
    if (name === 'size') {
      if (!/^\d{1,15}$/u.test(value)) throw malformed();
      records.sizeBytes = Number(value);
    }
    at = end;
  }
  return records;
}

function readRecord(body: Buffer, at: number): readonly [name: string, value: string, end: number] {
  const space = body.subarray(at, at + MAX_LENGTH_DIGITS + 1).indexOf(0x20);
  const digits = body.toString('latin1', at, at + Math.max(0, space));
  if (!/^[1-9]\d*$/u.test(digits)) throw malformed();
  const end = at + Number(digits);
  if (end > body.length || body[end - 1] !== 0x0a) throw malformed();
  const record = body.toString('utf8', at + space + 1, end - 1);
  const equals = record.indexOf('=');
  if (equals <= 0) throw malformed();
  return [record.slice(0, equals), record.slice(equals + 1), end];
}

const malformed = (): ImageError => new ImageError('bad-layer', 'it has a malformed extended header');

/** An entry without content: with a pax header before it for what its own has no room for. */
export function writeEntry(header: Omit<TarHeader, 'sizeBytes'>, more: Readonly<Record<string, string>> = {}): Buffer {
  const isLong = Buffer.byteLength(header.name) > 100;
  const records = { ...(isLong ? { path: header.name } : {}), ...more };
  const body = Buffer.from(
    Object.entries(records)
      .map(([name, value]) => record(name, value))
      .join(''),
  );
  const pax =
    body.length === 0 ? [] : [block({ ...header, type: 'x', name: 'PaxHeader', sizeBytes: body.length }), padded(body)];
  return Buffer.concat([
    ...pax,
    block({ ...header, name: isLong ? header.name.slice(-50) : header.name, sizeBytes: 0 }),
  ]);
}

/** A body with what fills its last block. */
const padded = (body: Buffer): Buffer => Buffer.concat([body, Buffer.alloc(paddingOf(body.length))]);

export const paddingOf = (length: number): number => (BLOCK - (length % BLOCK)) % BLOCK;

/** Its length counts itself. */
function record(name: string, value: string): string {
  const rest = Buffer.byteLength(` ${name}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return `${length} ${name}=${value}\n`;
}

function block(header: TarHeader): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    const most = 8 ** (length - 1) - 1;
    bytes.write(
      Math.min(Math.max(0, Math.floor(value)), most)
        .toString(8)
        .padStart(length - 1, '0'),
      at,
      'latin1',
    );
  };
  bytes.write(header.name, 0, 100, 'utf8');
  octal(header.mode, 100, 8);
  octal(header.uid, 108, 8);
  octal(header.gid, 116, 8);
  octal(header.sizeBytes, 124, 12);
  octal(header.modifiedAt, 136, 12);
  bytes.write('        ', 148, 'latin1');
  bytes.write(header.type, 156, 'latin1');
  bytes.write('ustar\x0000', 257, 'latin1');
  octal(0, 329, 8);
  octal(0, 337, 8);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

function text(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}

function number(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if ((first & 0x80) === 0) return Number.parseInt(text(block, at, length).trim() || '0', 8) || 0;
  let value = first & 0x7f;
  for (let index = 1; index < length; index++) value = value * 256 + (block[at + index] ?? 0);
  return value;
}
