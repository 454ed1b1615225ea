// Stands for the program of this name that the recordings launch: like that one, it runs every task and lets it finish at once.
import { runExecutor } from './executor.mjs';

runExecutor(
  {
    type: 'application/json',
    encode: (call) => Buffer.from(JSON.stringify(call)),
    decode: (record) => JSON.parse(record.toString()),
  },
  { finishesAll: true },
);
