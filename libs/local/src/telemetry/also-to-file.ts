import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createLogger, type Logger } from '@tranche/telemetry';
import { MAX_LOG_BYTES, putAside } from './put-aside.js';

/**
 * A logger that says what another says, and more of it to a file, which is at most as old as this process. How much goes to the file may be
 * changed; the terminal stays as it is.
 *
 * @param file made anew, with its folder; when it is full it is put aside, and begun anew
 * @param maxBytes what it may have
 */
export function alsoToFile(terminal: Logger, service: string, file: string, maxBytes = MAX_LOG_BYTES): Logger {
  mkdirSync(dirname(file), { recursive: true });
  let descriptor = openSync(file, 'w');
  let bytes = 0;
  const write = (line: string): void => {
    try {
      if (bytes > maxBytes) {
        closeSync(descriptor);
        putAside(file);
        descriptor = openSync(file, 'w');
        bytes = 0;
      }
      bytes += writeSync(descriptor, line);
    } catch {
      // A full disk must not keep the service from its work.
    }
  };
  const kept = createLogger({ service, level: 'info', format: 'json', write });
  const both =
    (level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] =>
    (message, fields) => {
      terminal[level](message, fields);
      kept[level](message, fields);
    };
  const { dial, each } = kept;
  return {
    ...{ debug: both('debug'), info: both('info'), warn: both('warn'), error: both('error') },
    ...(each === undefined ? {} : { each }),
    ...(dial === undefined ? {} : { dial }),
  };
}
