// The skills matrix, in parts that build.rs joins within one closure. First: where a cell is, which rating it holds, and
// which one is the tab stop. A cell carries no attribute of its own; row and header tell which rating it is.

const matrix = () => document.getElementById('matrix');
const grid = () => document.getElementById('grid');
const number = (element, name) => Number(element.dataset[name]);

// A row begins with the person and the summary, the header row with neither.
const FIRST = 2;
// The rows of the header, which ARIA counts too, from 1 on.
const HEADER_ROWS = 4;
const cellOf = target => target.closest?.('#grid tbody tr[data-p] > td:not(.sum)') ?? null;
/** The cell with the person's name, which arrows reach too. */
const nameOf = target => target.closest?.('#grid tbody th.person') ?? null;
const headers = () => grid().tHead.rows[1].cells;
const headerOf = td => headers()[td.cellIndex - FIRST];
const idsOf = td => ({ person: td.parentElement.dataset.p, skill: headerOf(td)?.dataset.s });
const keyOf = ({ person, skill }) => `${person}:${skill}`;
const cellAt = ({ person, skill }) => {
  const row = grid()?.querySelector(`tbody tr[data-p="${person}"]`);
  if (skill === undefined) return row?.cells[0] ?? null;
  const header = grid()?.querySelector(`.skills th[data-s="${skill}"]`);
  return row && header ? row.cells[header.cellIndex + FIRST] : null;
};

/** Line and column in the whole matrix, whatever part of it is loaded. */
const placeOf = td => ({
  line: Number(td.parentElement.getAttribute('aria-rowindex')) - HEADER_ROWS,
  column: number(grid(), 'column') + td.cellIndex - FIRST,
});

/** The level as the cell shows it: its first text. A mode may add more behind it. */
const levelOf = td => (td.firstChild?.nodeType === Node.TEXT_NODE ? td.firstChild.data.trim() : '');

// In the other modes a cell shows something else than the level, so that keys could not tell what they overwrite.
const SHOWING_LEVELS = ['level', 'gap', 'validation'];
const showsLevels = () => SHOWING_LEVELS.includes(matrix().dataset.mode);

/** The team and the mode decide on what an answer shows. */
function addressOf({ person, skill }, action = '') {
  const view = new URLSearchParams(matrix().dataset.query);
  const kept = new URLSearchParams([...view].filter(([name]) => name === 'team' || name === 'mode'));
  return `/skills/ratings/${person}/${skill}${action}${kept.size ? `?${kept}` : ''}`;
}

function mayRate(td) {
  const { rate, person, team } = matrix().dataset;
  const row = td.parentElement.dataset;
  return rate === 'all' || (rate !== 'none' && row.p === person) || (rate === 'team' && team && row.t === team);
}

// One tab stop: the cell that was active last, remembered by its rating, so that a swap does not lose it.

let active = null;
let stop = null;

function activate(td, focus = true) {
  if (stop) stop.tabIndex = -1;
  stop = td.querySelector('a') ?? td;
  stop.tabIndex = 0;
  // Columns left out of the page must be counted; on the cell that is read out, that is enough.
  if (td.cellIndex >= FIRST) td.ariaColIndex = String(placeOf(td).column + FIRST + 1);
  active = idsOf(td);
  if (focus) stop.focus({ preventScroll: true });
  if (focus) reveal(td);
}

/** Scrolls the cell out from under the sticky header and columns. */
function reveal(td) {
  const box = matrix();
  const outer = box.getBoundingClientRect();
  const inner = td.getBoundingClientRect();
  const top = outer.top + grid().tHead.offsetHeight + td.offsetHeight;
  const row = td.parentElement.cells;
  const left = outer.left + row[0].offsetWidth + (getComputedStyle(row[1]).position === 'sticky' ? row[1].offsetWidth : 0);
  const right = outer.left + box.clientWidth;
  const bottom = outer.top + box.clientHeight;
  if (inner.top < top) box.scrollTop -= top - inner.top;
  else if (inner.bottom > bottom) box.scrollTop += inner.bottom - bottom;
  if (td.cellIndex < FIRST) return;
  if (inner.left < left) box.scrollLeft -= left - inner.left;
  else if (inner.right > right) box.scrollLeft += inner.right - right;
}

function restoreActive(focus) {
  const table = grid();
  if (!table) return;
  for (const link of table.querySelectorAll('tbody a')) link.tabIndex = -1;
  const remembered = active && cellAt(active);
  const td = remembered ?? table.querySelector('tbody tr[data-p] > td:not(.sum)');
  if (!td || td.querySelector('form')) return;
  // What was the stop may be gone, or may not be any more.
  for (const other of table.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  activate(td, focus && Boolean(remembered));
}

/** Says something in the line below the grid. */
function say(text) {
  const line = document.getElementById('matrix-status');
  if (line && line.textContent !== text) line.textContent = text;
}
