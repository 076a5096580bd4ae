// What the server has told: per sheet its rows in order, each with the key that stays with it for good.
//
// A row is one object for as long as it is known, wherever it moves; what the person has typed and the server has not
// yet taken stands in `mine` of its row, so that it moves along.

export class Row {
  constructor(key = 0, values = [], extras = 0) {
    this.key = key;
    this.values = values;
    this.extras = extras;
    this.mine = null; // column -> {text, op, problem}
  }

  value = (column) => this.values[column] ?? "";
  extra = (kind, column) => (this.extras ? this.extras[kind]?.[column] : undefined);

  write(column, mine) {
    (this.mine ??= {})[column] = mine;
  }

  forget(column) {
    if (!this.mine) return;
    delete this.mine[column];
    if (!Object.keys(this.mine).length) this.mine = null;
  }
}

export class Sheet {
  rows = [];
  about = null;
  complete = false; // all its rows are here
  places = null; // Row -> index, and
  keys = null; // key -> index, both made when asked for

  constructor(gid) {
    this.gid = gid;
  }

  // Begin anew. A row that comes again is the same object, with what the person has typed.
  begin(about) {
    this.known = new Map();
    this.unkeyed = [];
    this.rows.forEach((row, index) => {
      if (row?.key) this.known.set(row.key, row);
      else if (row) this.unkeyed.push([index, row]);
    });
    this.rows = [];
    this.about = about;
    this.complete = false;
    this.reordered();
  }

  // Take a stretch of `[key, values, extras]`.
  load(start, rows, more) {
    rows.forEach(([key, values, extras], offset) => {
      this.rows[start + offset] = Object.assign(this.known.get(key) ?? new Row(), { key, values, extras });
    });
    this.reordered();
    if (more) return;
    this.complete = true;
    for (const [index, row] of this.unkeyed) {
      if (!this.rows[index]) this.rows[index] = row;
      else if (row.mine) this.rows[index].mine = { ...row.mine, ...this.rows[index].mine };
    }
    this.known.clear();
    this.unkeyed.length = 0;
  }

  ensure(index) {
    if (!this.rows[index]) {
      this.rows[index] = new Row();
      this.places?.set(this.rows[index], index);
    }
    return this.rows[index];
  }

  reordered() {
    this.places = null;
    this.keys = null;
  }

  // Where a row is now; -1 if it is gone.
  indexOf(row) {
    if (!this.places) {
      this.places = new Map();
      this.rows.forEach((one, index) => this.places.set(one, index));
    }
    return this.places.get(row) ?? -1;
  }

  keyIndex(key) {
    if (!this.keys) {
      this.keys = new Map();
      this.rows.forEach((row, index) => { if (row?.key) this.keys.set(row.key, index); });
    }
    return this.keys.get(key) ?? -1;
  }

  // The rows that hold an unanswered text of mine; `[row, index]` each.
  holding(op, column, text) {
    const found = [];
    this.rows.forEach((row, index) => {
      const mine = row?.mine?.[column];
      if (mine && mine.op === op && mine.text === text) found.push([row, index]);
    });
    return found;
  }

  insertRows(start, count) {
    if (start < this.rows.length) {
      const tail = this.rows.slice(start);
      this.rows.length = start + count + tail.length;
      this.rows.fill(undefined, start, start + count);
      tail.forEach((row, offset) => { this.rows[start + count + offset] = row; });
    }
    this.reordered();
  }

  deleteRows(start, end) {
    if (start < this.rows.length) this.rows.splice(start, end - start);
    this.reordered();
  }

  moveColumns(change) {
    for (const row of this.rows) {
      if (!row) continue;
      change(row.values);
      if (row.mine) row.mine = shifted(row.mine, change);
      if (!row.extras) continue;
      for (const kind of ["f", "d", "n", "x", "m", "e", "s", "a"]) if (row.extras[kind]) row.extras[kind] = shifted(row.extras[kind], change);
    }
  }

  insertColumns = (start, count) =>
    this.moveColumns((list) => { if (list.length > start) list.splice(start, 0, ...new Array(count).fill("")); });

  deleteColumns = (start, end) => this.moveColumns((list) => list.splice(start, end - start));

  // Put whole rows at their final places; `[index, key, values, extras]`.
  place(changes) {
    const known = new Map();
    for (const [index] of changes) if (this.rows[index]?.key) known.set(this.rows[index].key, this.rows[index]);
    for (const [index, key, values, extras] of changes) {
      const there = this.rows[index];
      const row = known.get(key) ?? (there && there.key === 0 ? there : new Row());
      Object.assign(row, { key, values, extras });
      this.rows[index] = row;
    }
    this.reordered();
  }
}

// Move the columns of a sparse record as `change` moves those of a list.
function shifted(record, change) {
  const list = [];
  for (const [column, value] of Object.entries(record)) list[Number(column)] = value;
  change(list);
  const moved = {};
  list.forEach((value, column) => { if (value !== undefined && value !== "") moved[column] = value; });
  return moved;
}
