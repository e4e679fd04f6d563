// After each swap, and what others change. The stream names the rating; the cell is asked for again, unless it is being
// edited here.

/** Gives the new cell what the one before it had: its place in the range, and the focus, or its form's. */
function settleCell() {
  if (isRange()) paintRange();
  const td = active && cellAt(active);
  if (!td) return;
  const form = td.querySelector('form');
  if (!form) return document.activeElement === document.body ? activate(td) : activate(td, false);
  const field = form.querySelector('[aria-invalid="true"], [name=level]');
  if (field && !form.contains(document.activeElement)) field.focus();
}

// To take away an element that has the focus makes the browser lay out the whole table first.
document.addEventListener('htmx:before:swap', event => {
  const { target } = event.detail.ctx;
  if (target?.localName === 'td' && target === document.activeElement) target.blur();
});

document.addEventListener('htmx:after:swap', event => {
  if (!matrix()) return;
  const { target } = event.detail.ctx;
  if (target?.id === 'paste-dialog') return showPaste(target);
  if (target?.id === 'reason') return;
  // A cell, or the summary beside it: all others stay where they are.
  if (target?.matches?.('td, .sum, .sums > *')) return settleCell();
  // Another filter or another page: what was asked for last says nothing about it.
  if (target?.id !== 'grid') wanted = '';
  const form = grid()?.querySelector('td.editing form');
  if (form) {
    const field = form.querySelector('[aria-invalid="true"], [name=level]');
    if (field && !form.contains(document.activeElement)) field.focus();
    return place();
  }
  settle();
});

document.addEventListener('DOMContentLoaded', () => { if (grid()) settle(); });

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
