// Keys, as the ARIA grid pattern has them: one tab stop, arrows move, Shift and an arrow select, Enter and F2 edit.

const rowsOfPeople = () => [...grid().tBodies].flatMap(body => [...body.rows].filter(row => row.dataset.p));

/** The row of a person that is so many steps away; team headings are stepped over. */
function rowFrom(row, steps) {
  let found = row;
  for (let left = Math.abs(steps), next = row; left > 0; ) {
    next = steps > 0 ? rowAfter(next) : rowBefore(next);
    if (!next) break;
    if (next.dataset.p) { found = next; left -= 1; }
  }
  return found;
}

const rowAfter = row => row.nextElementSibling ?? row.parentElement.nextElementSibling?.rows[0] ?? null;
function rowBefore(row) {
  if (row.previousElementSibling) return row.previousElementSibling;
  const body = row.parentElement.previousElementSibling;
  return body?.localName === 'tbody' ? body.rows[body.rows.length - 1] : null;
}

/** The cell that is so many rows and columns away. */
function neighbour(td, rows, columns) {
  const row = rowFrom(td.parentElement, rows);
  const column = Math.min(td.cellIndex + columns, row.cells.length - 1);
  // The summary between the name and the skills is stepped over.
  return row.cells[column >= FIRST ? column : columns > 0 ? FIRST : 0];
}

/** Home and End mean the whole matrix, so the window at its edge is asked for where it is not there. */
function toEdge(td, isEnd, far) {
  const { person } = idsOf(td);
  const [seen, there, all] = [visible(), loaded(), total()];
  const edge = { ...seen, column: isEnd ? Math.max(0, all.columns - seen.columns) : 0 };
  if (far) edge.line = isEnd ? Math.max(0, all.lines - seen.lines) : 0;
  const land = () => {
    const rows = rowsOfPeople();
    const row = far ? rows.at(isEnd ? -1 : 0) : rows.find(each => each.dataset.p === person) ?? rows[0];
    activate(isEnd ? row.cells[row.cells.length - 1] : row.cells[FIRST]);
  };
  const within = (start, count, first, length, end) => first <= start && Math.min(start + count, end) <= first + length;
  const isThere = within(edge.column, edge.columns, there.column, there.columns, all.columns)
    && (!far || within(edge.line, edge.lines, there.line, there.lines, all.lines));
  if (isThere) land();
  else loadAround(edge, land);
}

/** Goes on past the edge of the window, once what is there has come, by as many steps as were taken meanwhile. */
let owed = [0, 0];

const isMore = (rows, columns) => {
  const [there, all] = [loaded(), total()];
  if (rows) return rows > 0 ? there.line + there.lines < all.lines : there.line > 0;
  return columns > 0 ? there.column + there.columns < all.columns : there.column > 0;
};

function loadBeyond(td, rows, columns) {
  const cell = idsOf(td);
  owed = [owed[0] + rows, owed[1] + columns];
  const seen = visible();
  const beyond = { ...seen, line: Math.max(0, seen.line + rows), column: Math.max(0, seen.column + columns) };
  loadAround(beyond, () => {
    const now = cellAt(cell);
    if (now) activate(neighbour(now, ...owed));
    owed = [0, 0];
  });
}

const PAGE_ROWS = 10;
const MOVES = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  PageUp: [-PAGE_ROWS, 0], PageDown: [PAGE_ROWS, 0],
};

function move(td, key, far) {
  clearRange();
  if (key === 'Home' || key === 'End') return toEdge(td, key === 'End', far);
  const [rows, columns] = MOVES[key];
  const next = neighbour(td, rows, columns);
  // The first column of a window that begins further right has cells before it, and only then the name.
  const atEdge = next === td || (columns < 0 && td.cellIndex === FIRST);
  if (atEdge && isMore(rows, columns)) loadBeyond(td, rows, columns);
  else if (next !== td) activate(next);
}

/** Shift with an arrow, a page key, Home or End: within what is loaded, and past its edge step by step. */
function extend(td, key) {
  if (td.cellIndex < FIRST) return;
  if (key === 'Home' || key === 'End') {
    const { cells } = td.parentElement;
    return extendTo(key === 'Home' ? cells[FIRST] : cells[cells.length - 1], td);
  }
  const [rows, columns] = MOVES[key];
  const next = neighbour(td, rows, columns);
  const atEdge = next === td || next.cellIndex < FIRST;
  if (!atEdge) extendTo(next, td);
  else if (isMore(rows, columns)) extendBeyond(td, [rows, columns]);
}

function selectionKey(td, event) {
  if (event.ctrlKey && event.key === 'a') selectLoaded();
  else if (event.key === ' ' && (event.ctrlKey || event.shiftKey)) selectLine(td, event.ctrlKey);
  else if (event.key === 'Escape' && range) clearRange();
  else return false;
  event.preventDefault();
  return true;
}

function editingKey(td, event) {
  const { key } = event;
  if (key === 'Enter' || key === 'F2') return () => { clearRange(); open(td); };
  if (!/^[0-9]$|^Delete$|^Backspace$|^n$/.test(key)) return null;
  // Where the cell shows no level, a key could not tell which one it overwrites: the form does.
  if (!showsLevels()) return () => { clearRange(); open(td); };
  if (/^[0-9]$/.test(key)) return () => digit(td, key);
  return () => setAll(td, key === 'n' ? 'n/a' : '');
}

document.addEventListener('keydown', event => {
  const td = cellOf(event.target) ?? nameOf(event.target);
  if (!td) return;
  if (event.key === 'Escape' && td.querySelector('form')) {
    event.preventDefault();
    return td.querySelector('[data-cancel]')?.click();
  }
  if (event.target.closest('form') || event.altKey || event.metaKey) return;
  if (MOVES[event.key] || event.key === 'Home' || event.key === 'End') {
    event.preventDefault();
    return event.shiftKey ? extend(td, event.key) : move(td, event.key, event.ctrlKey);
  }
  if (td.cellIndex < FIRST || selectionKey(td, event) || event.ctrlKey) return;
  const act = (isRange() || mayRate(td)) && matrix().dataset.rate !== 'none' && editingKey(td, event);
  if (!act) return;
  event.preventDefault();
  act();
});

// One undo for what was done last here, in a cell or in many.
document.addEventListener('keydown', event => {
  const isUndo = event.ctrlKey && !event.shiftKey && event.key === 'z';
  if (!isUndo || !grid() || event.target.matches?.('input, textarea, select')) return;
  const undo = document.querySelector('[data-undo]');
  if (!undo) return;
  event.preventDefault();
  undo.requestSubmit();
});

document.addEventListener('click', event => {
  const td = cellOf(event.target);
  if (!td || event.target.closest('form')) return;
  if (drawn) return void (drawn = false);
  if (event.shiftKey) {
    const from = active && cellAt(active);
    return extendTo(td, from && from.cellIndex >= FIRST ? from : td);
  }
  clearRange();
  activate(td);
  open(td);
});

// Leaving an open form by clicking elsewhere keeps it open: what was typed is not thrown away by a stray click.
