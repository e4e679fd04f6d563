// The clipboard: a range is copied as tab-separated text and as a table, and pasted through a preview that the server
// makes. What changes many cells at once goes the same way, and is taken back by one undo.

const LARGEST_PASTE = 10000;

/** The levels of rows of cells, as lines of tab-separated codes. */
const textOf = rows => rows.map(cells => cells.map(levelOf).join('\t')).join('\n');

function tableOf(rows) {
  const table = document.createElement('table');
  for (const cells of rows) {
    const row = table.insertRow();
    for (const td of cells) row.insertCell().textContent = levelOf(td);
  }
  return new XMLSerializer().serializeToString(table);
}

/** The cell that has the focus, when a key is meant for the grid and not for a field. */
const focusedCell = () => (document.activeElement?.closest?.('form') ? null : cellOf(document.activeElement ?? document.body));

document.addEventListener('copy', event => {
  const td = grid() && focusedCell();
  if (!td) return;
  const rows = isRange() ? wholeRange() : [[td]];
  if (!rows) return;
  event.preventDefault();
  event.clipboardData.setData('text/plain', textOf(rows));
  event.clipboardData.setData('text/html', tableOf(rows));
  say(rows.flat().length === 1 ? 'Copied' : `${rows.flat().length} cells copied`);
});

document.addEventListener('paste', event => {
  const td = grid() && focusedCell();
  if (!td || matrix().dataset.rate === 'none') return;
  event.preventDefault();
  const text = event.clipboardData.getData('text/plain');
  if (text) paste(td, text);
});

/** Where a paste begins: the first cell of the range, else the cell. */
function pasteStart(td) {
  const rows = isRange() ? wholeRange() : [[td]];
  return rows && { rows, cell: idsOf(rows[0][0]) };
}

function paste(td, text) {
  const start = pasteStart(td);
  if (!start) return;
  const isOne = !/[\t\n]/.test(text.trimEnd());
  // One value fills the whole range, as it does in a spreadsheet.
  const whole = isOne ? start.rows.map(cells => cells.map(() => text.trim()).join('\t')).join('\n') : text;
  sendPaste(start.cell, { text: whole });
}

/** Sets one level in every cell of the range: at once where all can be taken, else with the preview. */
function fill(level) {
  const rows = wholeRange();
  if (!rows) return;
  const text = rows.map(cells => cells.map(() => level || ' ').join('\t')).join('\n');
  sendPaste(idsOf(rows[0][0]), { text, was: textOf(rows), at_once: 'yes' });
}

function sendPaste({ person, skill }, values) {
  const dialog = document.getElementById('paste-dialog');
  if (values.text.split(/[\t\n]/).length > LARGEST_PASTE) return say(`At most ${LARGEST_PASTE.toLocaleString('en')} cells fit in one paste.`);
  const query = matrix().dataset.query;
  htmx.ajax('POST', `/skills/pastes${query ? `?${query}` : ''}`, {
    source: dialog, target: '#paste-dialog', swap: 'innerHTML', values: { person_id: person, skill_id: skill, ...values, csrf: csrf() },
  });
}

// The button asks for the form that takes the text: the first way for a mouse or where the browser keeps its clipboard.
// Heard before the link itself hears of it, which would lead to the page that does the same.
document.addEventListener('click', event => {
  const link = event.target.closest?.('[data-paste]');
  if (!link || !grid()) return;
  event.preventDefault();
  event.stopPropagation();
  const cell = active?.skill ? active : idsOf(grid().querySelector('tbody tr[data-p] > td:not(.sum)'));
  const query = matrix().dataset.query;
  const url = `/skills/pastes?${query}${query ? '&' : ''}person_id=${cell.person}&skill_id=${cell.skill}`;
  htmx.ajax('GET', url, { source: link, target: '#paste-dialog', swap: 'innerHTML' });
}, true);

/** The preview is shown when there is something to decide, and goes when it is done. */
function showPaste(dialog) {
  if (dialog.firstElementChild) {
    if (!dialog.open) dialog.showModal();
    dialog.querySelector('[autofocus], [aria-invalid="true"]')?.focus();
  } else if (dialog.open) dialog.close();
}

document.addEventListener('click', event => {
  const dialog = event.target.closest?.('#paste-dialog');
  if (!dialog || !event.target.closest('[data-cancel]')) return;
  event.preventDefault();
  event.stopPropagation();
  dialog.close();
}, true);

document.addEventListener('close', event => {
  if (event.target.id !== 'paste-dialog') return;
  event.target.replaceChildren();
  restoreActive(true);
}, true);
