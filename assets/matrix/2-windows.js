// Windows: the part of the matrix around what is in view is loaded while one scrolls.

const MARGIN_LINES = 12;
const MARGIN_COLUMNS = 6;
// So close to its edge the next window is asked for, before the edge comes into view.
const EARLY_LINES = 5;
const EARLY_COLUMNS = 2;
const STEP_LINES = 20;
const STEP_COLUMNS = 10;
// The largest window that the server gives.
const MOST_LINES = 240;
const MOST_COLUMNS = 80;
let wanted = '';
let afterLoad = null;

const lengthOf = name => parseFloat(getComputedStyle(matrix()).getPropertyValue(name));

/** Gives the space its size, and puts the table where its window belongs. */
function place() {
  const table = grid();
  const box = matrix();
  if (!table || !box) return;
  const [row, column] = [lengthOf('--row'), lengthOf('--col')];
  const fixed = lengthOf('--person') + lengthOf('--sum');
  const space = table.parentElement;
  space.style.height = `${table.tHead.offsetHeight + number(table, 'lines') * row}px`;
  space.style.width = `${fixed + number(table, 'columns') * column}px`;
  table.style.top = `${number(table, 'line') * row}px`;
  table.style.left = `${number(table, 'column') * column}px`;
}

/** The part of the matrix that can be seen, in lines and columns. */
function visible() {
  const box = matrix();
  const [row, column] = [lengthOf('--row'), lengthOf('--col')];
  const fixed = lengthOf('--person') + lengthOf('--sum');
  return {
    line: Math.floor(box.scrollTop / row),
    lines: Math.ceil((box.clientHeight - grid().tHead.offsetHeight) / row) + 1,
    column: Math.floor(box.scrollLeft / column),
    columns: Math.ceil((box.clientWidth - fixed) / column) + 1,
  };
}

/** What the window that is there covers. */
function loaded() {
  const table = grid();
  const lines = [...table.tBodies].reduce((sum, body) => sum + body.rows.length, 0);
  return { line: number(table, 'line'), lines, column: number(table, 'column'), columns: headers().length };
}

const total = () => ({ lines: number(grid(), 'lines'), columns: number(grid(), 'columns') });

/** What is seen and some of what is around it, in steps, so that many ask for the same window. */
function around(seen) {
  const down = (value, step) => Math.max(0, Math.floor(value / step) * step);
  const up = (value, step) => Math.ceil(value / step) * step;
  const line = down(seen.line - MARGIN_LINES, STEP_LINES);
  const column = down(seen.column - MARGIN_COLUMNS, STEP_COLUMNS);
  const lines = up(seen.line + seen.lines + MARGIN_LINES - line, STEP_LINES);
  const columns = up(seen.column + seen.columns + MARGIN_COLUMNS - column, STEP_COLUMNS);
  return { line, lines, column, columns };
}

function loadAround(seen, then) {
  load(withRange(around(seen)), then);
}

function load({ line, lines, column, columns }, then) {
  const query = matrix().dataset.query;
  const url = `/skills/window?${query}${query ? '&' : ''}line=${line}&lines=${lines}&column=${column}&columns=${columns}`;
  afterLoad = then ?? afterLoad;
  if (url === wanted) return;
  wanted = url;
  htmx.ajax('GET', url, { source: matrix(), target: '#grid', swap: 'outerHTML' });
}

let scheduled = false;
function onScroll() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    if (!grid() || grid().querySelector('td.editing')) return;
    const [seen, there, all] = [visible(), loaded(), total()];
    const above = Math.max(seen.line - EARLY_LINES, 0) < there.line;
    const below = Math.min(seen.line + seen.lines + EARLY_LINES, all.lines) > there.line + there.lines;
    const before = Math.max(seen.column - EARLY_COLUMNS, 0) < there.column;
    const after = Math.min(seen.column + seen.columns + EARLY_COLUMNS, all.columns) > there.column + there.columns;
    if (above || below || before || after) loadAround(seen);
  });
}

/** Loads the window that is there once more, because much of it may have changed. */
function reload() {
  if (!grid() || grid().querySelector('td.editing')) return;
  wanted = '';
  loadAround(visible());
}

function settle() {
  if (!grid()) return;
  place();
  grid().ariaReadOnly = String(matrix().dataset.rate === 'none');
  paintRange();
  const focusWasInside = document.activeElement === document.body && active !== null;
  const then = afterLoad;
  afterLoad = null;
  if (then) then();
  else restoreActive(focusWasInside);
  showRing();
  onScroll();
}

// A window that did not come may be asked for again.
for (const failure of ['htmx:error', 'htmx:response:error']) {
  document.addEventListener(failure, event => {
    if (event.detail.ctx?.sourceElement === matrix()) [wanted, afterLoad, owed] = ['', null, [0, 0]];
  });
}

document.addEventListener('scroll', event => { if (event.target === matrix()) onScroll(); }, { capture: true, passive: true });
window.addEventListener('resize', () => { if (grid()) { place(); onScroll(); } });
