/** A folder or file that a container sees beside its sandbox. */
export interface ContainerVolume {
  /**
   * `persistent`: outlives the container, belongs to its user. `host`: the machine's own, taken as it is, must be there. `sandbox`: of
   * the sandbox itself, made when it is not there. `image`: the files of an image.
   */
  readonly kind: 'persistent' | 'host' | 'sandbox' | 'image';
  /** Absolute path on the host; of an image its name. */
  readonly source: string;
  /** Of an image: the folders of its layers on the host, the topmost first. */
  readonly layers?: readonly string[];
  /** Where the container sees it: relative to its sandbox, or absolute, and then it must be there. */
  readonly containerPath: string;
  readonly readOnly: boolean;
  /** Leaves the volume with its present owner: somebody else is using it. */
  readonly keepsOwner?: boolean;
}

/** A volume cannot be shown to the container. The message is fit for the task's status. */
export class VolumeMountError extends Error {
  readonly code = 'containerizer/volume';
  constructor(message: string) {
    super(message);
    this.name = 'VolumeMountError';
  }
}
