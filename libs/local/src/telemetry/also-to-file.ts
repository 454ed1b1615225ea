import { mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createLogger, type Logger } from '@tranche/telemetry';

/**
 * A logger that says what another says, and more of it to a file, which is at most as old as this process. How much goes to the file may be
 * changed; the terminal stays as it is.
 *
 * @param file made anew, with its folder
 */
export function alsoToFile(terminal: Logger, service: string, file: string): Logger {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, 'w');
  const write = (line: string): void => {
    try {
      writeSync(descriptor, line);
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
  const { dial } = kept;
  return {
    ...{ debug: both('debug'), info: both('info'), warn: both('warn'), error: both('error') },
    ...(dial === undefined ? {} : { dial }),
  };
}
