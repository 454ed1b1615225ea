/** A machine, as Mesos names it: by both, or one of them. */
export interface MachineView {
  hostname?: string;
  ip?: string;
}

/** Items of `GET /v1/maintenance`: a machine that is to be taken out of service, or is out of it. Served by `registry`. Times ISO 8601 UTC. */
export interface MaintenanceView {
  /** Of its window: the machines of one window have it in common. */
  id: string;
  machine: MachineView;
  /** `draining`: frameworks are asked to leave it. */
  state: 'draining' | 'down';
  start: string;
  /** Absent: until further notice. */
  durationMs?: number;
  /** Frameworks that have agreed to leave, and that have not. */
  accepted: number;
  declined: number;
}

/** Answer to a change of `/v1/maintenance`: the window as it is then, or was. */
export interface MaintenanceWindowView {
  id: string;
  machines: MachineView[];
  start: string;
  durationMs?: number;
  effects: {
    /** Tasks that live on the machines now. */
    tasks: number;
  };
}
