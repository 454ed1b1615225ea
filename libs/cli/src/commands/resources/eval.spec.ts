import { PassThrough, Readable, Writable } from 'node:stream';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { evalResources, registerResourcesEval } from './eval.js';

/** Everything that is written, as text. */
function memory(): { stream: Writable; text: () => string } {
  let written = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  return { stream, text: () => written };
}

describe('tranche resources eval', () => {
  it('answers each request on a line of its own, in order', async () => {
    const output = memory();
    await evalResources(
      Readable.from(['{"id":1,"op":"quantities","a":"cpus:1"}\n\n{"id":2,', '"op":"role","a":"a/b"}\nno']),
      output.stream,
    );
    const answers = output.text().trimEnd().split('\n');
    expect(answers.slice(0, 2)).toEqual(['{"id":1,"ok":true,"text":"cpus:1"}', '{"id":2,"ok":true,"ancestors":["a"]}']);
    expect(answers[2]).toContain('"ok":false');
  });

  it('answers a request before the next one is sent', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const done = evalResources(input, output);
    input.write('{"op":"quantities","a":"cpus:1"}\n');
    const [answer] = (await new Promise<Buffer[]>((resolve) =>
      output.once('data', (data: Buffer) => resolve([data])),
    )) as [Buffer];
    expect(answer.toString()).toBe('{"ok":true,"text":"cpus:1"}\n');
    input.end();
    await done;
  });

  it('leaves the output open', async () => {
    const output = memory();
    await evalResources(Readable.from(['']), output.stream);
    expect(output.stream.writableEnded).toBe(false);
  });

  it('keeps characters whole that arrive in two pieces', async () => {
    const output = memory();
    const bytes = Buffer.from('{"op":"quantities","a":"cpü:1"}\n');
    await evalResources(
      Readable.from([bytes.subarray(0, 27), bytes.subarray(27)], { objectMode: false }),
      output.stream,
    );
    expect(output.text()).toBe('{"ok":true,"text":"cpü:1"}\n');
  });

  it('ends in peace when nobody reads its answers any more', async () => {
    const gone = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
      },
    });
    await expect(evalResources(Readable.from(['{}\n', '{}\n']), gone)).resolves.toBeUndefined();
  });

  it('is the command `eval` of the noun `resources`, which it shares with others', () => {
    const program = new Command();
    program.command('resources').command('other');
    registerResourcesEval(program);
    expect(program.commands.map((command) => command.name())).toEqual(['resources']);
    expect(program.commands[0]?.commands.map((command) => command.name())).toEqual(['other', 'eval']);
  });
});
