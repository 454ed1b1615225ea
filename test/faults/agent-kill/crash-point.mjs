// Names every step that an agent takes towards the disk, the node and the control plane, from the outside: by what goes through its ports.

/** Calls of a containerizer before and after which an agent can die. */
const CONTAINER_STEPS = ['recover', 'create', 'start', 'update', 'kill', 'remove'];
/** The same of the store of volumes. */
const VOLUME_STEPS = ['create', 'putAside', 'delete'];
/** Label of tasks that says how steps call them where there are several. */
const PART = 'part';

/** What steps call records whose kind says little by itself. */
const WORDS = {
  delivered: 'delivery',
  'executor-container': "the executor's container",
  'executor-subscribed': 'subscription',
  'executor-shutdown': 'shutdown',
  'executor-ended': 'the end of the executor',
  'volumes-removed': 'the removal of a volume',
};

const of = (part) => (part === undefined ? '' : ` of ${part}`);

export class CrashPoint {
  #step;
  #crash;
  #pass;
  /** States of updates by their uuid: an acknowledgement only names the uuid. */
  #states = new Map();
  /** What steps call a container, or a task, by its id. */
  #parts = new Map();

  /**
   * @param {(step: string) => void} crash called at the step that was armed; in earnest it does not return
   * @param {(step: string) => void} pass called at every step
   */
  constructor(crash, pass = () => undefined) {
    this.#crash = crash;
    this.#pass = pass;
  }

  /** @param {string} step e.g. `before create`, `after checkpoint of TASK_RUNNING` */
  arm(step) {
    this.#step = step;
  }

  aroundStore(inner) {
    return withMethods(inner, {
      append: async (records) => {
        const names = records.flatMap((record) => this.#nameOf(record) ?? []);
        this.#reach('before', names);
        await inner.append(records);
        this.#reach('after', names);
      },
    });
  }

  aroundContainerizer(inner) {
    const calls = CONTAINER_STEPS.map((name) => {
      const step = (subject) => name + of(this.#parts.get(subject?.id ?? subject));
      return [name, (...args) => this.#around(step(args[0]), () => inner[name](...args))];
    });
    const termination = (id) =>
      inner.termination(id).then((ended) => {
        this.#reach('after', [`the end of ${this.#parts.get(id) ?? 'the container'}`]);
        return ended;
      });
    return withMethods(inner, { ...Object.fromEntries(calls), termination });
  }

  aroundVolumes(inner) {
    const words = { create: 'the folder of a volume', putAside: 'putting a volume aside', delete: 'deleting a volume' };
    const calls = VOLUME_STEPS.map((name) => [
      name,
      (...args) => this.#around(words[name], () => inner[name](...args)),
    ]);
    return withMethods(inner, Object.fromEntries(calls));
  }

  aroundBus(inner) {
    const send = (contract, queue, items) => {
      const names = items.flatMap((item) => this.#reportOf(contract.name, item) ?? []);
      if (names.length === 0) return inner.send(contract, queue, items);
      this.#reach('before', names);
      return inner.send(contract, queue, items).then(() => this.#reach('after', names));
    };
    return withMethods(inner, { send });
  }

  #reportOf(contract, { status, taskId, operationId }) {
    if (contract === 'report-task-status') return `report of ${status.state}${of(this.#parts.get(taskId))}`;
    if (contract === 'report-operation-status') return `report of ${status.state}${of(partOf(operationId))}`;
    return contract === 'report-executor-end' ? 'report of the end of the executor' : undefined;
  }

  async #around(name, call) {
    this.#reach('before', [name]);
    const result = await call();
    this.#reach('after', [name]);
    return result;
  }

  #reach(when, names) {
    for (const name of names) {
      const step = `${when} ${name}`;
      this.#pass(step);
      if (step === this.#step) this.#crash(step);
    }
  }

  /** @returns undefined for what is written down once in an agent's life: its id, and frameworks */
  #nameOf(record) {
    switch (record.kind) {
      case 'agent':
      case 'framework':
        return undefined;
      case 'task':
        this.#learn(record.launch);
        break;
      case 'executor':
        this.#parts.set(record.launch.containerId, 'the executor');
        break;
      case 'status':
        this.#states.set(record.status.uuid, record.status.state);
        return `checkpoint of ${record.status.state}${of(this.#parts.get(record.taskId))}`;
      case 'acknowledged': {
        const state = this.#states.get(record.uuid);
        return `checkpoint of the acknowledgement of ${state}${of(this.#parts.get(record.taskId))}`;
      }
      case 'operation':
        this.#parts.set(record.request.operationUuid, partOf(record.request.operationId));
        return `checkpoint of operation${of(partOf(record.request.operationId))}`;
      case 'operation-acknowledged':
        return `checkpoint of the acknowledgement${of(this.#parts.get(record.operationUuid))}`;
    }
    const taskId = record.launch?.taskId ?? record.taskId;
    return `checkpoint of ${WORDS[record.kind] ?? record.kind}${of(this.#parts.get(taskId))}`;
  }

  #learn({ taskId, containerId, executorContainerId, info }) {
    const part = info.labels?.labels.find(({ key }) => key === PART)?.value;
    if (part === undefined) return;
    this.#parts.set(taskId, part);
    if (containerId !== executorContainerId) this.#parts.set(containerId, part);
  }
}

/** Operations of a test are called `NUMBER-PART`. */
const partOf = (operationId) => operationId?.slice(operationId.indexOf('-') + 1);

/** The object with some methods replaced; the others run on the object itself. */
function withMethods(inner, replaced) {
  return new Proxy(inner, {
    get(target, name) {
      if (Object.hasOwn(replaced, name)) return replaced[name];
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
