// Ranges: a rectangle of cells, told by lines and columns of the whole matrix, so that it outlives the window that it
// was begun in. Team headings inside of it are no part of it.

let range = null;
let painted = [];

const isRange = () => range !== null && (range.from.line !== range.to.line || range.from.column !== range.to.column);

function rectangle({ from, to }) {
  return {
    top: Math.min(from.line, to.line), bottom: Math.max(from.line, to.line),
    left: Math.min(from.column, to.column), right: Math.max(from.column, to.column),
  };
}

/** A window that holds the range too, as long as one can. */
function withRange(window) {
  if (!isRange()) return window;
  const { top, bottom, left, right } = rectangle(range);
  const [line, column] = [Math.min(window.line, top), Math.min(window.column, left)];
  const lines = Math.max(window.line + window.lines, bottom + 1) - line;
  const columns = Math.max(window.column + window.columns, right + 1) - column;
  return lines > MOST_LINES || columns > MOST_COLUMNS ? window : { line, lines, column, columns };
}

/** The cells of the range that are loaded, row by row. */
function rangeRows() {
  const { top, bottom, left, right } = rectangle(range);
  const first = number(grid(), 'column');
  const rows = [];
  for (const row of rowsOfPeople()) {
    const line = Number(row.getAttribute('aria-rowindex')) - HEADER_ROWS;
    if (line < top || line > bottom) continue;
    rows.push([...row.cells].slice(Math.max(left - first, 0) + FIRST, Math.max(right - first + 1, 0) + FIRST));
  }
  return rows;
}

/** The whole range, or nothing where a part of it is not loaded. */
function wholeRange() {
  const { top, bottom, left, right } = rectangle(range);
  const there = loaded();
  const isThere = there.line <= top && bottom < there.line + there.lines && there.column <= left && right < there.column + there.columns;
  if (!isThere) say('A part of the range is out of sight. Scroll back to it.');
  return isThere ? rangeRows() : null;
}

function paintRange() {
  const now = new Set(isRange() && grid() ? rangeRows().flat() : []);
  for (const td of painted) if (!now.has(td)) td.removeAttribute('aria-selected');
  for (const td of now) if (!td.ariaSelected) td.ariaSelected = 'true';
  painted = [...now];
}

function select(from, to) {
  range = { from, to };
  paintRange();
  const rows = isRange() ? rangeRows() : [];
  say(rows.length ? `${rows.length} × ${rows[0].length} cells selected` : '');
}

function clearRange() {
  if (range === null) return;
  range = null;
  paintRange();
  say('');
}

/** Moves the far corner of the range to a cell. The near one is where the focus was. */
function extendTo(td, from) {
  if (td.cellIndex < FIRST) return;
  const start = range?.from ?? placeOf(from);
  activate(td);
  select(start, placeOf(td));
}

/** Extends the range past the edge of the window: what is loaded then holds the whole range, as far as a window can. */
function extendBeyond(td, [rows, columns]) {
  const here = placeOf(td);
  const [seen, all] = [visible(), total()];
  const to = { line: here.line + rows, column: here.column + columns };
  if (to.line < 0 || to.line >= all.lines || to.column < 0 || to.column >= all.columns) return;
  const { top, bottom, left, right } = rectangle({ from: range?.from ?? here, to });
  const line = Math.max(0, Math.min(seen.line + Math.min(rows, 0) - EARLY_LINES, top));
  const column = Math.max(0, Math.min(seen.column + Math.min(columns, 0) - EARLY_COLUMNS, left));
  const lines = Math.max(seen.line + seen.lines + rows, bottom + 1) - line + EARLY_LINES;
  const wide = Math.max(seen.column + seen.columns + columns, right + 1) - column + EARLY_COLUMNS;
  if (lines > MOST_LINES || wide > MOST_COLUMNS) return say(`A range has at most ${MOST_LINES} lines and ${MOST_COLUMNS} columns, with what is in view.`);
  const cell = idsOf(td);
  range ??= { from: here, to: here };
  load({ line, lines, column, columns: wide }, () => {
    const now = cellAt(cell);
    if (!now) return restoreActive(true);
    extendTo(neighbour(now, rows, columns), now);
  });
}

/** Everything that is loaded: what is not could be neither seen nor copied. */
function selectLoaded() {
  const rows = rowsOfPeople();
  const [first, last] = [rows[0], rows.at(-1)];
  select(placeOf(first.cells[FIRST]), placeOf(last.cells[last.cells.length - 1]));
  const there = loaded();
  const all = total();
  const isAll = there.lines >= all.lines && there.columns >= all.columns;
  say(`${rows.length} × ${there.columns} cells selected${isAll ? '' : ', the part that is loaded'}`);
}

function selectLine(td, isColumn) {
  const rows = rowsOfPeople();
  const { line, column } = placeOf(td);
  const cells = td.parentElement.cells;
  if (isColumn) select({ line: placeOf(rows[0].cells[FIRST]).line, column }, { line: placeOf(rows.at(-1).cells[FIRST]).line, column });
  else select(placeOf(cells[FIRST]), { line, column: placeOf(cells[cells.length - 1]).column });
}

// With the mouse: Shift and a click, or pressed and drawn over the cells.
let drawing = null;
let drawn = false;

document.addEventListener('mousedown', event => {
  const td = cellOf(event.target);
  drawing = null;
  drawn = false;
  if (!td || event.button !== 0 || event.target.closest('form')) return;
  // The browser would select the text between the two clicks.
  if (event.shiftKey) return event.preventDefault();
  drawing = placeOf(td);
});

document.addEventListener('mouseover', event => {
  if (!drawing || !(event.buttons & 1)) return;
  const td = cellOf(event.target);
  if (!td) return;
  const to = placeOf(td);
  if (!drawn && to.line === drawing.line && to.column === drawing.column) return;
  if (!drawn) getSelection().removeAllRanges();
  drawn = true;
  range = { from: drawing, to };
  extendTo(td, td);
});
