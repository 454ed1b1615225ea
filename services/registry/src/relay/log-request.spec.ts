import { describe, expect, it } from 'vitest';
import { parseLogRequest } from './log-request.js';

describe('parseLogRequest', () => {
  it('gives all of stdout as it is by default', () => {
    expect(parseLogRequest({})).toEqual({
      ok: true,
      request: { stream: 'stdout', isFollowed: false, offset: undefined, tailLines: undefined },
    });
  });

  it('reads what is asked for', () => {
    expect(parseLogRequest({ stream: 'stderr', follow: 'true', tail: '10' })).toEqual({
      ok: true,
      request: { stream: 'stderr', isFollowed: true, offset: undefined, tailLines: 10 },
    });
  });

  it('names every mistake', () => {
    const parsed = parseLogRequest({ stream: 'x', follow: 'yes', offset: '-1', tail: '1.5' });
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? [] : parsed.faults.map((mistake) => mistake.path)).toEqual([
      'stream',
      'follow',
      'offset',
      'tail',
      'tail',
    ]);
  });
});
