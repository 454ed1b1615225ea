/** `GET /v1/whoami`: who asks, and what that allows. Served by each service, and by each agent for itself. */
export interface CallerView {
  /** Who answers, and whose rules these are. */
  service: string;
  /** Absent when no credentials were shown, or the service has none to compare them with. */
  principal?: string;
  /** How that was shown: a secret by HTTP Basic, a token by HTTP Bearer. */
  authentication: 'none' | 'basic' | 'bearer';
  /** `read` what is there, `write`: change it, `frameworks`: be a scheduler. */
  may: ('read' | 'write' | 'frameworks')[];
  /** What the ACLs permit of each action, in the order of their names. Absent where there are none: everything. */
  permissions?: PermissionView[];
}

/** What of an action a caller may do. */
export interface PermissionView {
  /** As in the ACLs: `update_quotas`. */
  action: string;
  /** What it is done to: `roles`, `users`. */
  objects: string;
  may: 'all' | 'some' | 'none';
  /** With `some`: those alone. `eng/%` is every role below `eng`. */
  only?: string[];
  /** With `some`: all but those. */
  except?: string[];
}
