/** Items of `GET /v1/allocations`: what a framework holds on an agent in a role. Served by `allocator`. */
export interface AllocationView {
  frameworkId: string;
  role: string;
  agentId: string;
  /** Plain numbers by resource name, in Mesos' units; ports are counted. */
  resources: Record<string, number>;
}

/** Items of `GET /v1/shares`, in the order in which the next resources would be given. Served by `allocator`. */
export interface ShareView {
  role: string;
  /** Absent for the role itself. */
  frameworkId?: string;
  /** As the order compares it: the dominant share divided by the weight. Absent where shares play no part. */
  share?: number;
  weight: number;
  /** Whether a cycle may offer it something now. */
  isActive: boolean;
}
