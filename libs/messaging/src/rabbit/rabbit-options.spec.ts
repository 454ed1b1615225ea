import { expect, it } from 'vitest';
import { addressOf } from './rabbit-options.js';

it.each([
  ['amqp://user:secret@broker:5672/mesh', 'amqp://broker:5672/mesh'],
  ['amqps://user:secret@broker', 'amqps://broker'],
  ['no url: secret', 'a malformed url'],
])('shows of %s no more than %s', (url, shown) => {
  expect(addressOf(url)).toBe(shown);
});
