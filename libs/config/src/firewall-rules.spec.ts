import { describe, expect, it } from 'vitest';
import { parseFirewallRules } from './firewall-rules.js';

describe('parseFirewallRules', () => {
  it('reads the paths that are disabled', () => {
    expect(parseFirewallRules('{"disabled_endpoints":{"paths":["/files/browse","/master/state"]}}')).toEqual({
      ...{ ok: true, disabledPaths: ['/files/browse', '/master/state'] },
    });
    expect(parseFirewallRules('')).toEqual({ ok: true, disabledPaths: [] });
  });

  it.each([
    ['{', /^is no JSON/],
    ['{}', /^disabled_endpoints: /],
    ['{"disabled_endpoints":{"paths":["state"]}}', /^disabled_endpoints\.paths\.0: must begin with \/$/],
    ['{"disabled_endpoints":{"paths":[]},"disabled":{}}', /disabled/],
  ])('says what is wrong with %s', (text, mistake) => {
    expect(parseFirewallRules(text)).toEqual({ ok: false, mistakes: [expect.stringMatching(mistake)] });
  });
});
