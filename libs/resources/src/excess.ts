import { Resources } from './resources.js';

/**
 * What is held beyond a total, by name alone: who it is reserved for, or which volume it is, makes no difference to the room that it takes.
 *
 * @returns plain resources, empty when everything held has room
 */
export const excess = (held: Resources, total: Resources): Resources => plain(held).minus(plain(total));

const plain = (resources: Resources): Resources =>
  Resources.of([...resources].map(({ name, value }) => ({ name, value, reservations: [] })));
