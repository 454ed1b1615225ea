/**
 * The v1 `Resource` document as JSON-safe plain objects: snake_case keys, 64-bit integers as decimal strings where a
 * number would not be exact, infinite doubles as strings. Only what resources are made of is typed here.
 */
export interface ResourceJson {
  provider_id?: { value: string };
  name: string;
  type: 'SCALAR' | 'RANGES' | 'SET' | 'TEXT';
  scalar?: { value: number | 'Infinity' | '-Infinity' | 'NaN' };
  ranges?: { range?: RangeJson[] };
  set?: { item?: string[] };
  /** The older form: a static reservation, or with `reservation` a dynamic one; `*` is none. */
  role?: string;
  allocation_info?: { role?: string };
  reservation?: ReservationJson;
  reservations?: ReservationJson[];
  disk?: DiskInfoJson;
  revocable?: object;
  shared?: object;
}

export interface RangeJson {
  begin: number | string;
  end: number | string;
}

export interface ReservationJson {
  type?: 'UNKNOWN' | 'STATIC' | 'DYNAMIC';
  role?: string;
  principal?: string;
  labels?: LabelsJson;
}

export interface LabelsJson {
  labels?: { key: string; value?: string }[];
}

export interface DiskInfoJson {
  persistence?: { id: string; principal?: string };
  /** Kept as it is, with members that are not named here. */
  volume?: { mode: 'RW' | 'RO'; container_path: string; host_path?: string };
  source?: DiskSourceJson;
}

export interface DiskSourceJson {
  type: 'UNKNOWN' | 'PATH' | 'MOUNT' | 'BLOCK' | 'RAW';
  path?: { root?: string };
  mount?: { root?: string };
  vendor?: string;
  id?: string;
  metadata?: LabelsJson;
  profile?: string;
}
