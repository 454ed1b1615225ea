/** What names items in their lists: kept beside them, for they may be shown without any member that does. */
const names = new WeakMap<object, string>();

/** @param key unique in the list */
export function nameItem<V extends object>(item: V, key: string): V {
  names.set(item, key);
  return item;
}

/** What names an item of a page in its list; undefined for one that came from elsewhere. */
export const nameOfItem = (item: object): string | undefined => names.get(item);
