// The skills matrix: windows that load while one scrolls, an ARIA grid with one tab stop, edits in the cell, and what
// others change shown without reloading. A cell carries no attribute of its own; row and header tell which rating it is.
(() => {
  'use strict';

  const matrix = () => document.getElementById('matrix');
  const grid = () => document.getElementById('grid');
  const number = (element, name) => Number(element.dataset[name]);

  // ---- Where a cell is, and which rating it holds.

  const isCell = td => td instanceof HTMLTableCellElement && td.localName === 'td' && td.parentElement.dataset.p && !td.classList.contains('sum');
  const cellOf = target => {
    const td = target.closest?.('#grid tbody td');
    return td && isCell(td) ? td : null;
  };
  /** The header of a cell's column. The row begins with the person and the summary, the header row with neither. */
  const headerOf = td => grid().querySelector('.skills').cells[td.cellIndex - 2];
  const idsOf = td => ({ person: td.parentElement.dataset.p, skill: headerOf(td)?.dataset.s });
  const cellAt = (person, skill) => {
    const row = grid()?.querySelector(`tbody tr[data-p="${person}"]`);
    const header = grid()?.querySelector(`.skills th[data-s="${skill}"]`);
    return row && header ? row.cells[header.cellIndex + 2] : null;
  };
  const addressOf = (td, action = '') => {
    const { person, skill } = idsOf(td);
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
    grid().querySelectorAll('td[tabindex="0"]').forEach(other => { other.tabIndex = -1; });
    td.tabIndex = 0;
    active = idsOf(td);
    if (focus) td.focus({ preventScroll: true });
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
    if (inner.left < left) box.scrollLeft -= left - inner.left;
    else if (inner.right > right) box.scrollLeft += inner.right - right;
  }

  function restoreActive(focus) {
    const remembered = active && cellAt(active.person, active.skill);
    const td = remembered ?? grid()?.querySelector('tbody tr[data-p] > td:not(.sum)');
    if (td && !td.querySelector('form')) activate(td, focus && Boolean(remembered));
  }

  // ---- Windows.

  const MARGIN_LINES = 12;
  const MARGIN_COLUMNS = 6;
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
      const above = seen.line < there.line;
      const below = Math.min(seen.line + seen.lines, total.lines) > there.line + there.lines;
      const before = seen.column < there.column;
      const after = Math.min(seen.column + seen.columns, total.columns) > there.column + there.columns;
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
    htmx.ajax('GET', addressOf(td, '/edit'), { source: td, target: td, swap: 'outerHTML' });
  }

  /** Sets a level at once. The cell as it was seen goes along, so that nobody's change is overwritten unseen. */
  function set(td, level) {
    const values = { level, was: td.textContent.trim(), csrf: document.querySelector('input[name=csrf]').value };
    activate(td, false);
    htmx.ajax('POST', addressOf(td), { source: td, target: td, swap: 'outerHTML', values });
  }

  // On a scale that goes to ten or has fractions, a second digit may follow the first one.
  const SECOND_DIGIT_MS = 450;
  let typed = { td: null, text: '', timer: 0 };

  function digit(td, key) {
    const highest = Number(headerOf(td).dataset.highest);
    const text = typed.td === td ? typed.text + key : key;
    clearTimeout(typed.timer);
    typed = { td: null, text: '', timer: 0 };
    const mayGrow = text.length === 1 && highest >= 10 && Number(`${text}0`) <= highest && text !== '0';
    if (!mayGrow) return set(td, text);
    typed = { td, text, timer: setTimeout(() => { typed = { td: null, text: '', timer: 0 }; set(td, text); }, SECOND_DIGIT_MS) };
  }

  // ---- Keys.

  /** The cell that is so many rows and columns away; team headings are stepped over. */
  function neighbour(td, rows, columns) {
    let row = td.parentElement;
    const all = [...grid().querySelectorAll('tbody tr[data-p]')];
    const at = all.indexOf(row) + rows;
    row = all[Math.max(0, Math.min(at, all.length - 1))];
    const column = Math.max(2, Math.min(td.cellIndex + columns, row.cells.length - 1));
    return row.cells[column];
  }

  const PAGE_ROWS = 10;
  const MOVES = {
    ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
    PageUp: [-PAGE_ROWS, 0], PageDown: [PAGE_ROWS, 0], Home: [0, -Infinity], End: [0, Infinity],
  };

  function move(td, key, far) {
    let [rows, columns] = MOVES[key];
    if (far && key === 'Home') rows = -Infinity;
    if (far && key === 'End') rows = Infinity;
    const next = neighbour(td, rows, columns);
    if (next !== td) activate(next);
  }

  document.addEventListener('keydown', event => {
    const td = cellOf(event.target);
    if (!td) return;
    if (event.key === 'Escape' && td.querySelector('form')) {
      event.preventDefault();
      return td.querySelector('[data-cancel]')?.click();
    }
    if (event.target !== td || event.altKey || event.metaKey) return;
    if (MOVES[event.key] && !event.shiftKey) {
      event.preventDefault();
      return move(td, event.key, event.ctrlKey);
    }
    if (event.ctrlKey || !mayRate(td)) return;
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

  const pending = new Set();

  function changed(id) {
    const [person, skill] = id.split(':');
    const td = cellAt(person, skill);
    if (!td || td.querySelector('form') || pending.has(id)) return;
    pending.add(id);
    htmx.ajax('GET', addressOf(td), { source: td, target: td, swap: 'outerHTML' }).finally(() => pending.delete(id));
  }

  document.addEventListener('changed', event => {
    if (!grid()) return;
    const { id } = JSON.parse(event.detail.data);
    if (id === '*') reload();
    else changed(id);
  });
  document.addEventListener('resync', reload);
})();
