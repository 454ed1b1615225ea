/** `GET /v1/files/times?path=` of an agent, `GET /v1/tasks/ID/files/times?path=` through the registry. */
export interface OutputTimesView {
  /** Oldest first. The file had so many bytes at that time (ISO 8601 UTC): what is before them was written before it. */
  items: { at: string; bytes: number }[];
}
