// Lists by keyboard: j and k, or the arrow keys, walk over the rows; letters change what the row shows. What is typed into a
// field is nobody else's business.

const KEYS = { t: 'title', s: 'status', p: 'priority', a: 'assignees', d: 'due' };
const rowsOf = () => [...document.querySelectorAll('[data-list] tr[data-t]')];
const currentRow = () => document.activeElement?.closest?.('[data-list] tr[data-t]') ?? document.querySelector('[data-list] tr.current');

function goToRow(row) {
  if (!row) return;
  for (const other of document.querySelectorAll('[data-list] tr.current')) other.classList.remove('current');
  row.classList.add('current');
  row.querySelector('.task-link')?.focus();
  row.scrollIntoView({ block: 'nearest' });
}

function isTyping(event) {
  return event.target.matches?.('input:not([type=checkbox]), textarea, select, [contenteditable]') || event.ctrlKey || event.metaKey || event.altKey;
}

function help() {
  const dialog = document.createElement('dialog');
  dialog.className = 'keys-help';
  const title = document.createElement('h2');
  title.textContent = 'Keys';
  const list = document.createElement('dl');
  for (const [key, meaning] of [['j, k', 'Next, previous task'], ['Enter', 'Open the task'], ['x', 'Choose it'], ['s, p, a, d, t', 'Change status, priority, assignees, due day, title'],
    ['c', 'Add a task'], ['/', 'Find a task'], ['Space', 'On a board: take a card up, put it down'], ['?', 'These keys']]) {
    const [term, text] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = key;
    text.textContent = meaning;
    list.append(term, text);
  }
  const close = document.createElement('button');
  close.className = 'btn btn-outline-secondary btn-sm';
  close.textContent = 'Close';
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  dialog.append(title, list, close);
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || isTyping(event) || document.querySelector('dialog[open]')) return;
  if (!document.querySelector('[data-list], #board, #task')) return;
  const rows = rowsOf();
  const row = currentRow();
  const place = rows.indexOf(row);
  if (rows.length && (event.key === 'j' || event.key === 'ArrowDown')) goToRow(rows[Math.min(place + 1, rows.length - 1)]);
  else if (rows.length && (event.key === 'k' || event.key === 'ArrowUp')) goToRow(rows[Math.max(place - 1, 0)]);
  else if (event.key === 'x' && row) row.querySelector('input[name=task]')?.click();
  else if (KEYS[event.key] && row?.closest('[data-may]')) openField(row.querySelector(`[data-f="${KEYS[event.key]}"]`));
  else if (KEYS[event.key] && document.querySelector('#task .edit')) openField(document.querySelector(`#task [data-f="${KEYS[event.key]}"]`));
  else if (event.key === 'c' && document.getElementById('quick-add')) document.getElementById('quick-add').focus();
  else if (event.key === '/' && document.querySelector('.task-filter input[type=search]')) document.querySelector('.task-filter input[type=search]').focus();
  else if (event.key === '?') help();
  else return;
  event.preventDefault();
});

// How many are chosen; the bar that changes them shows once there are any.
function countChosen() {
  const bar = document.getElementById('bulk');
  if (!bar) return;
  const count = document.querySelectorAll('input[name=task]:checked').length;
  bar.classList.toggle('shown', count > 0);
  bar.querySelector('.bulk-count').textContent = count === 1 ? '1 task' : `${count} tasks`;
}
document.addEventListener('change', event => { if (event.target.matches?.('input[name=task], [data-check-all=task]')) countChosen(); });
document.addEventListener('htmx:after:swap', countChosen);

// A view is saved with the filter that the page shows by now.
document.addEventListener('submit', event => {
  if (event.target.matches?.('[data-saves-address]')) event.target.elements.address.value = location.pathname + location.search;
}, true);
