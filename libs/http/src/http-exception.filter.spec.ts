import type { ArgumentsHost } from '@nestjs/common';
import { silentLogger } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { HttpExceptionFilter } from './http-exception.filter.js';

const aborted = new DOMException('This operation was aborted', 'AbortError');

it.each([
  ['an error', new Error('defect'), { destroyed: false }, ['request failed']],
  ['an error, also once the client has gone', new Error('defect'), { destroyed: true }, ['request failed']],
  ['what was broken off under a client that is there', aborted, { destroyed: false }, ['request failed']],
  ['not what was broken off with its client', aborted, { destroyed: true }, []],
])('logs %s', (_, error, raw, expected) => {
  const logged: string[] = [];
  const logger = { ...silentLogger, error: (text: string) => void logged.push(text) };
  const request = { method: 'GET', url: '/v1/tasks/t/logs' };
  const reply = { raw, request, code: () => reply, header: () => reply, send: () => reply };
  const http = { getRequest: () => request, getResponse: () => reply };
  const host = { switchToHttp: () => http } as unknown as ArgumentsHost;
  new HttpExceptionFilter({ service: 'registry', logger, bodyLimitBytes: 100 }).catch(error, host);
  expect(logged).toEqual(expected);
});
