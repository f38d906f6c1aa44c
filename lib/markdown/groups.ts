/** Children in groups of this size: an append touches the last group, and one entry per group above it. */
const GROUP_SIZE = 32;

export type Group<T> = readonly T[];

/** Children that only grow at their end. A full group keeps its identity, and each child its group and its place in it. */
export class Groups<T> {
  private constructor(
    private readonly full: readonly Group<T>[],
    private readonly open: Group<T>,
  ) {}

  static of<T>(children: readonly T[]): Groups<T> {
    return new Groups<T>([], []).append(children);
  }

  get isEmpty(): boolean {
    return this.full.length === 0 && this.open.length === 0;
  }

  append(children: readonly T[]): Groups<T> {
    if (children.length === 0) return this;
    const full = [...this.full];
    let last = this.open;
    for (let index = 0; index < children.length; ) {
      const room = GROUP_SIZE - last.length;
      last = [...last, ...children.slice(index, index + room)];
      index += room;
      if (last.length === GROUP_SIZE) {
        full.push(last);
        last = [];
      }
    }
    return new Groups(full, last);
  }

  /** The same with one stretch of children replaced by as many others. */
  replace(start: number, children: readonly T[]): Groups<T> {
    const all = this.toGroups().map((group, index) => {
      const from = index * GROUP_SIZE;
      if (start >= from + group.length || start + children.length <= from) return group;
      return group.map((child, place) => children[from + place - start] ?? child);
    });
    const last = all.at(-1);
    return last && last.length < GROUP_SIZE ? new Groups(all.slice(0, -1), last) : new Groups(all, []);
  }

  get last(): T | undefined {
    return this.open.at(-1) ?? this.full.at(-1)?.at(-1);
  }

  /** The same without its last child. */
  withoutLast(): Groups<T> {
    if (this.open.length > 0) return new Groups(this.full, this.open.slice(0, -1));
    return new Groups(this.full.slice(0, -1), this.full.at(-1)?.slice(0, -1) ?? []);
  }

  get length(): number {
    return this.full.length * GROUP_SIZE + this.open.length;
  }

  toGroups(): readonly Group<T>[] {
    return this.open.length === 0 ? this.full : [...this.full, this.open];
  }
}
