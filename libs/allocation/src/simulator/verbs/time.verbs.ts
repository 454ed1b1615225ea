import { secondsAsNs } from '../scenario/values.js';
import type { Verb } from './verb.js';

const advance: Verb = {
  name: 'advance',
  read(fields) {
    const ns = fields.required('seconds', secondsAsNs);
    return (world) => world.advance(ns);
  },
};

const allocate: Verb = {
  name: 'allocate',
  read: () => (world) => world.cycle('all'),
};

export const TIME_VERBS: readonly Verb[] = [advance, allocate];
