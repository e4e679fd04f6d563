// The skills matrix: windows that load while one scrolls, an ARIA grid with one tab stop, edits in the cell, and what
// others change shown without reloading. A cell carries no attribute of its own; row and header tell which rating it is.
(() => {
  'use strict';

  const matrix = () => document.getElementById('matrix');
  const grid = () => document.getElementById('grid');
  const number = (element, name) => Number(element.dataset[name]);

  // ---- Where a cell is, and which rating it holds.

  // A row begins with the person and the summary, the header row with neither.
  const FIRST = 2;
  const cellOf = target => target.closest?.('#grid tbody tr[data-p] > td:not(.sum)') ?? null;
  /** The cell with the person's name, which arrows reach too. */
  const nameOf = target => target.closest?.('#grid tbody th.person') ?? null;
  const headerOf = td => grid().querySelector('.skills').cells[td.cellIndex - FIRST];
  const idsOf = td => ({ person: td.parentElement.dataset.p, skill: headerOf(td)?.dataset.s });
  const cellAt = ({ person, skill }) => {
    const row = grid()?.querySelector(`tbody tr[data-p="${person}"]`);
    if (skill === undefined) return row?.cells[0] ?? null;
    const header = grid()?.querySelector(`.skills th[data-s="${skill}"]`);
    return row && header ? row.cells[header.cellIndex + FIRST] : null;
  };
  const addressOf = ({ person, skill }, action = '') => {
    const team = new URLSearchParams(matrix().dataset.query).get('team');
    return `/skills/ratings/${person}/${skill}${action}${team ? `?team=${team}` : ''}`;
  };

  function mayRate(td) {
    const { rate, person, team } = matrix().dataset;
    const row = td.parentElement.dataset;
    return rate === 'all' || (rate !== 'none' && row.p === person) || (rate === 'team' && team && row.t === team);
  }

  // ---- One tab stop: the cell that was active last, remembered by its rating, so that a swap does not lose it.

  let active = null;

  function activate(td, focus = true) {
    grid().querySelectorAll('[tabindex="0"]').forEach(other => { other.tabIndex = -1; });
    const stop = td.querySelector('a') ?? td;
    stop.tabIndex = 0;
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
    grid()?.querySelectorAll('tbody a').forEach(link => { link.tabIndex = -1; });
    const remembered = active && cellAt(active);
    const td = remembered ?? grid()?.querySelector('tbody tr[data-p] > td:not(.sum)');
    if (td && !td.querySelector('form')) activate(td, focus && Boolean(remembered));
  }

  // ---- Windows.

  const MARGIN_LINES = 12;
  const MARGIN_COLUMNS = 6;
  // So close to its edge the next window is asked for, before the edge comes into view.
  const EARLY_LINES = 5;
  const EARLY_COLUMNS = 2;
  const STEP_LINES = 20;
  const STEP_COLUMNS = 10;
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
    const lines = table.tBodies.length ? [...table.tBodies].reduce((sum, body) => sum + body.rows.length, 0) : 0;
    return {
      line: number(table, 'line'), lines,
      column: number(table, 'column'), columns: table.querySelector('.skills').cells.length,
    };
  }

  function loadAround(seen, then) {
    const down = (value, step) => Math.max(0, Math.floor(value / step) * step);
    const up = (value, step) => Math.ceil(value / step) * step;
    const line = down(seen.line - MARGIN_LINES, STEP_LINES);
    const column = down(seen.column - MARGIN_COLUMNS, STEP_COLUMNS);
    const lines = up(seen.line + seen.lines + MARGIN_LINES - line, STEP_LINES);
    const columns = up(seen.column + seen.columns + MARGIN_COLUMNS - column, STEP_COLUMNS);
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
      if (!grid() || grid().querySelector('form')) return;
      const [seen, there] = [visible(), loaded()];
      const total = { lines: number(grid(), 'lines'), columns: number(grid(), 'columns') };
      const above = Math.max(seen.line - EARLY_LINES, 0) < there.line;
      const below = Math.min(seen.line + seen.lines + EARLY_LINES, total.lines) > there.line + there.lines;
      const before = Math.max(seen.column - EARLY_COLUMNS, 0) < there.column;
      const after = Math.min(seen.column + seen.columns + EARLY_COLUMNS, total.columns) > there.column + there.columns;
      if (above || below || before || after) loadAround(seen);
    });
  }

  /** Loads the window that is there once more, because much of it may have changed. */
  function reload() {
    if (!grid() || grid().querySelector('form')) return;
    wanted = '';
    loadAround(visible());
  }

  function settle() {
    if (!grid()) return;
    place();
    const focusWasInside = document.activeElement === document.body && active !== null;
    const then = afterLoad;
    afterLoad = null;
    if (then) then();
    else restoreActive(focusWasInside);
    onScroll();
  }

  // ---- Edits.

  /** Closes the form that is open elsewhere; one in which something was typed stays, and is shown instead. */
  function closeOther() {
    const form = grid().querySelector('td.editing form');
    if (!form) return true;
    const touched = [...form.elements].some(field => field.type !== 'hidden' && (field.options
      ? ![...field.options].every(option => option.selected === option.defaultSelected) : field.value !== field.defaultValue && field.localName !== 'button'));
    if (touched || form.closest('.conflict')) {
      form.querySelector('[name=level]').focus();
      return false;
    }
    form.querySelector('[data-cancel]').click();
    return true;
  }

  function open(td) {
    if (!mayRate(td) || td.querySelector('form') || !closeOther()) return;
    activate(td, false);
    request('GET', td, '/edit');
  }

  /** Asks for a cell. The context remembers which one, because its element may be another one by the time of the answer. */
  function request(method, td, action, values) {
    const cell = idsOf(td);
    return htmx.ajax(method, addressOf(cell, action), { source: td, target: td, swap: 'outerHTML', values, cell });
  }

  // A window or an earlier answer may have put another element in a cell's place, and a window must not take away a
  // form that was opened while it was on its way.
  document.addEventListener('htmx:after:request', event => {
    const { ctx } = event.detail;
    if (ctx.cell && !ctx.target.isConnected) ctx.target = ctx.sourceElement = cellAt(ctx.cell) ?? ctx.target;
    if (ctx.sourceElement === matrix() && grid()?.querySelector('form')) {
      wanted = '';
      event.preventDefault();
    }
  });

  // Cells whose level is being saved, and the level that was asked for meanwhile.
  const saving = new Map();
  const keyOf = ({ person, skill }) => `${person}:${skill}`;

  /** Sets a level at once. The cell as it was seen goes along, so that nobody's change is overwritten unseen. */
  async function set(td, level) {
    const cell = idsOf(td);
    const key = keyOf(cell);
    if (saving.has(key)) return saving.set(key, level);
    saving.set(key, null);
    activate(td, false);
    await request('POST', td, '', { level, was: td.textContent.trim(), csrf: document.querySelector('input[name=csrf]').value });
    const next = saving.get(key);
    saving.delete(key);
    const now = cellAt(cell);
    if (next !== null && now && !now.querySelector('form')) set(now, next);
  }

  // On a scale that goes to ten or has fractions, a second digit may follow the first one.
  const SECOND_DIGIT_MS = 450;
  let typed = null;

  function digit(td, key) {
    const cell = idsOf(td);
    const highest = Number(headerOf(td).dataset.highest);
    const isSecond = typed && keyOf(typed.cell) === keyOf(cell);
    const text = isSecond ? typed.text + key : key;
    if (isSecond) clearTimeout(typed.timer);
    typed = null;
    const mayGrow = text.length === 1 && highest >= 10 && Number(`${text}0`) <= highest && text !== '0';
    if (!mayGrow) return set(td, text);
    const timer = setTimeout(() => {
      typed = null;
      const now = cellAt(cell);
      if (now && !now.querySelector('form')) set(now, text);
    }, SECOND_DIGIT_MS);
    typed = { cell, text, timer };
  }

  // ---- Keys.

  /** The cell that is so many rows and columns away; team headings are stepped over. */
  function neighbour(td, rows, columns) {
    const all = rowsOfPeople();
    const row = all[Math.max(0, Math.min(all.indexOf(td.parentElement) + rows, all.length - 1))];
    const column = Math.min(td.cellIndex + columns, row.cells.length - 1);
    // The summary between the name and the skills is stepped over.
    return row.cells[column >= FIRST ? column : columns > 0 ? FIRST : 0];
  }

  const rowsOfPeople = () => [...grid().querySelectorAll('tbody tr[data-p]')];

  /** Home and End mean the whole matrix, so the window at its edge is asked for where it is not there. */
  function toEdge(td, isEnd, far) {
    const { person } = idsOf(td);
    const [seen, there] = [visible(), loaded()];
    const total = { lines: number(grid(), 'lines'), columns: number(grid(), 'columns') };
    const edge = { ...seen, column: isEnd ? Math.max(0, total.columns - seen.columns) : 0 };
    if (far) edge.line = isEnd ? Math.max(0, total.lines - seen.lines) : 0;
    const land = () => {
      const all = rowsOfPeople();
      const row = far ? all.at(isEnd ? -1 : 0) : all.find(each => each.dataset.p === person) ?? all[0];
      activate(isEnd ? row.cells[row.cells.length - 1] : row.cells[FIRST]);
    };
    const within = (start, count, first, length, all) => first <= start && Math.min(start + count, all) <= first + length;
    const isThere = within(edge.column, edge.columns, there.column, there.columns, total.columns)
      && (!far || within(edge.line, edge.lines, there.line, there.lines, total.lines));
    if (isThere) land();
    else loadAround(edge, land);
  }

  /** Goes on past the edge of the window, once what is there has come, by as many steps as were taken meanwhile. */
  let owed = [0, 0];

  function loadBeyond(td, rows, columns) {
    const there = loaded();
    const isMore = rows > 0 ? there.line + there.lines < number(grid(), 'lines')
      : rows < 0 ? there.line > 0 : columns > 0 && there.column + there.columns < number(grid(), 'columns');
    if (!isMore) return;
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
    if (key === 'Home' || key === 'End') return toEdge(td, key === 'End', far);
    const next = neighbour(td, ...MOVES[key]);
    if (next !== td) activate(next);
    else loadBeyond(td, ...MOVES[key]);
  }

  document.addEventListener('keydown', event => {
    const td = cellOf(event.target) ?? nameOf(event.target);
    if (!td) return;
    if (event.key === 'Escape' && td.querySelector('form')) {
      event.preventDefault();
      return td.querySelector('[data-cancel]')?.click();
    }
    if (event.target.closest('form') || event.altKey || event.metaKey) return;
    if ((MOVES[event.key] || event.key === 'Home' || event.key === 'End') && !event.shiftKey) {
      event.preventDefault();
      return move(td, event.key, event.ctrlKey);
    }
    if (event.ctrlKey || nameOf(td) || !mayRate(td)) return;
    if (event.key === 'Enter' || event.key === 'F2') { event.preventDefault(); open(td); }
    else if (/^[0-9]$/.test(event.key)) { event.preventDefault(); digit(td, event.key); }
    else if (event.key === 'Delete' || event.key === 'Backspace') { event.preventDefault(); set(td, ''); }
    else if (event.key === 'n') { event.preventDefault(); set(td, 'n/a'); }
  });

  document.addEventListener('click', event => {
    const td = cellOf(event.target);
    if (!td || event.target.closest('form')) return;
    activate(td);
    open(td);
  });

  // Leaving an open form by clicking elsewhere keeps it open: what was typed is not thrown away by a stray click.

  // A window that did not come may be asked for again.
  for (const failure of ['htmx:error', 'htmx:response:error']) {
    document.addEventListener(failure, event => {
      if (event.detail.ctx?.sourceElement === matrix()) [wanted, afterLoad, owed] = ['', null, [0, 0]];
    });
  }

  // ---- After each swap.

  document.addEventListener('htmx:after:swap', event => {
    if (!matrix()) return;
    // Another filter or another page: what was asked for last says nothing about it.
    if (event.detail.ctx.target?.id !== 'grid') wanted = '';
    const form = grid()?.querySelector('td.editing form');
    if (form) {
      const field = form.querySelector('[aria-invalid="true"], [name=level]');
      if (field && !form.contains(document.activeElement)) field.focus();
      return place();
    }
    settle();
  });

  document.addEventListener('scroll', event => { if (event.target === matrix()) onScroll(); }, { capture: true, passive: true });
  window.addEventListener('resize', () => { if (grid()) { place(); onScroll(); } });
  document.addEventListener('DOMContentLoaded', () => { if (grid()) settle(); });

  // ---- What others change. The stream names the rating; the cell is asked for again, unless it is being edited here.

  // Cells that are being asked for again; one that changed once more meanwhile is asked for once more.
  const pending = new Map();

  async function changed(id) {
    const [person, skill] = id.split(':');
    const td = cellAt({ person, skill });
    if (!td || td.querySelector('form')) return;
    if (pending.has(id)) return pending.set(id, true);
    pending.set(id, false);
    await request('GET', td, '');
    const again = pending.get(id);
    pending.delete(id);
    if (again) changed(id);
  }

  document.addEventListener('changed', event => {
    if (!grid()) return;
    const { id } = JSON.parse(event.detail.data);
    if (id === '*') reload();
    else changed(id);
  });
  document.addEventListener('resync', reload);
})();
