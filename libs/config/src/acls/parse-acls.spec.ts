import { describe, expect, it } from 'vitest';
import { authOptions } from '../auth-options.js';
import { loadConfig } from '../load-config.js';
import { ACL_ACTION_NAMES, ACL_ACTIONS } from './acl-actions.js';
import { parseAcls } from './parse-acls.js';

const mistakesOf = (acls: unknown): readonly string[] => {
  const parsed = parseAcls(typeof acls === 'string' ? acls : JSON.stringify(acls));
  return parsed.ok ? [] : parsed.mistakes;
};
const ANY = { type: 'ANY' };

describe('parseAcls', () => {
  it('reads entries, SOME where no type is told, and is permissive unless told', () => {
    const acls = {
      register_frameworks: [{ principals: { values: ['fw'] }, roles: { values: ['eng/%'] } }],
      run_tasks: [{ principals: { type: 'ANY' }, users: { type: 'NONE', values: [] } }],
    };
    expect(parseAcls(JSON.stringify(acls))).toEqual({
      ok: true,
      acls: {
        permissive: true,
        entries: {
          register_frameworks: [
            { principals: { type: 'SOME', values: ['fw'] }, objects: { type: 'SOME', values: ['eng/%'] } },
          ],
          run_tasks: [{ principals: { type: 'ANY', values: [] }, objects: { type: 'NONE', values: [] } }],
        },
      },
    });
    expect(parseAcls('{"permissive":false}')).toMatchObject({ acls: { permissive: false } });
    expect(parseAcls(' \n')).toEqual({ ok: true, acls: undefined });
  });

  it.each(ACL_ACTION_NAMES)('takes ANY and NONE of %s', (name) => {
    const entry = { principals: ANY, [ACL_ACTIONS[name].objects]: ANY };
    expect(mistakesOf({ [name]: [entry, { ...entry, [ACL_ACTIONS[name].objects]: { type: 'NONE' } }] })).toEqual([]);
  });

  it.each([
    ['view_flags', 'flags', 'ACL.ViewFlags'],
    ['drain_agents', 'agents', 'ACL.DrainAgent'],
    ['access_mesos_logs', 'logs', 'ACL.AccessMesosLog'],
    ['launch_standalone_containers', 'users', 'ACL.LaunchStandaloneContainer'],
    ['start_maintenances', 'machines', 'ACL.StartMaintenance'],
    ['prune_images', 'images', 'ACL.PruneImages'],
  ])('refuses some %s, also where SOME is not written', (action, objects, message) => {
    const text = `${action}[0].${objects}: ${message} type must be either NONE or ANY`;
    expect(mistakesOf({ [action]: [{ principals: ANY, [objects]: { values: ['x'] } }] })).toEqual([text]);
  });

  it('takes SOME agents that may be marked gone, as Mesos does', () => {
    expect(mistakesOf({ mark_agents_gone: [{ principals: ANY, agents: { values: ['a'] } }] })).toEqual([]);
  });

  it('names every mistake with its place and value', () => {
    expect(
      mistakesOf({
        permissive: 'yes',
        update_quota: [],
        view_roles: { principals: ANY },
        run_tasks: [{ principals: ANY, roles: ANY }, 7, { principals: { type: 'ALL' }, users: { values: 'root' } }],
        get_endpoints: [{ principals: ANY, paths: { values: ['/containers', '/state'] } }],
      }),
    ).toEqual([
      'permissive is "yes", it must be true or false',
      'update_quota is no action; did you mean update_quotas?',
      'view_roles is {"principals":{"type":"ANY"}}, it must be a list of entries',
      'run_tasks[0].roles is no member, those are principals and users',
      'run_tasks[0].users is missing',
      'run_tasks[1] is 7, it must be an object',
      'run_tasks[1].principals is missing',
      'run_tasks[1].users is missing',
      'run_tasks[2].principals.type is "ALL", it must be SOME, ANY or NONE',
      'run_tasks[2].users.values is "root", it must be a list of texts',
      "get_endpoints[0].paths: Path: '/state' is not an authorizable path",
    ]);
    expect(mistakesOf('{')[0]).toContain('is no JSON');
    expect(mistakesOf('[]')).toEqual(['is [], it must be an object']);
  });
});

describe('AUTH_ACLS', () => {
  const told = (env: Record<string, string>, files: Record<string, string> = {}): string => {
    try {
      loadConfig(authOptions, { env, readFile: (path) => files[path] ?? '' });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('tells all that is wrong, with what is wrong in other settings', () => {
    const acls = JSON.stringify({ permissive: 1, view_flag: [] });
    expect(told({ AUTH_ACLS: acls, AUTH_READONLY: 'maybe' }).split('\n')).toEqual([
      'AUTH_READONLY: "maybe" must be true or false',
      'AUTH_ACLS: permissive is 1, it must be true or false',
      'AUTH_ACLS: view_flag is no action; did you mean view_flags?',
    ]);
  });

  it('may be in a file', () => {
    const files = { '/etc/acls.json': '{"permissive":0}\n' };
    expect(told({ AUTH_ACLS_FILE: '/etc/acls.json' }, files)).toContain('permissive is 0');
  });
});
