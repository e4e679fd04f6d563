// What others change. The stream names project and task; what the page shows of it is asked for again, unless somebody is
// just changing it here.

let arriving = Promise.resolve();
const wantedRows = new Map();

/** One card after the other, because they come through one place. */
function bringCard(id) {
  arriving = arriving.then(() => board() && htmx.ajax('GET', `/projects/tasks/${id}/card?${board().dataset.q}`, { source: board(), target: '#arrivals', swap: 'innerHTML' }));
}

let reloading = 0;
function reloadList(id) {
  clearTimeout(reloading);
  reloading = setTimeout(() => {
    const list = document.getElementById(id);
    if (!list || list.querySelector('.field-form')) return;
    htmx.ajax('GET', location.pathname + location.search, { source: list, target: list, select: `#${id}`, swap: 'outerHTML' });
  }, 300);
}

async function refreshRow(row, id) {
  if (row.querySelector('form')) return;
  if (wantedRows.has(id)) return wantedRows.set(id, true);
  wantedRows.set(id, false);
  const all = row.closest('[data-list]').dataset.list === 'all' ? '?in=all' : '';
  await htmx.ajax('GET', `/projects/tasks/${id}/row${all}`, { source: row, target: row, swap: 'outerHTML' });
  const again = wantedRows.get(id);
  wantedRows.delete(id);
  const now = document.querySelector(`[data-list] tr[data-t="${id}"]`);
  if (again && now) refreshRow(now, id);
}

// A field may have been opened while the row, or the properties around it, were on their way: it would be gone again.
document.addEventListener('htmx:before:swap', event => {
  const { target } = event.detail.ctx;
  if (!target?.matches?.('tr[data-t], #properties')) return;
  if (target.querySelector('form, [data-opening]')) return event.preventDefault();
  if (!target.contains(pressed)) return;
  event.preventDefault();
  if (wantedRows.has(target.dataset.t)) wantedRows.set(target.dataset.t, true);
});

// A press is a click only if its element is still there when it ends.
let pressed = null;
document.addEventListener('pointerdown', event => (pressed = event.target), true);
for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => setTimeout(() => (pressed = null)), true);

/** The parts of a task's page, each by itself: a form that is open in one of them stays. */
function refreshTask(page) {
  const path = `/projects/tasks/${page.dataset.t}`;
  const ask = (url, target, swap) => htmx.ajax('GET', url, { source: target, target, swap, quiet: true });
  for (const field of page.querySelectorAll('.task-main > [data-f]')) if (!field.querySelector('form')) ask(`${path}/fields/${field.dataset.f}`, field, 'innerHTML');
  const properties = page.querySelector('#properties');
  if (!properties.querySelector('form')) ask(`${path}/properties`, properties, 'outerHTML');
  else for (const field of properties.querySelectorAll('[data-f]')) if (!field.querySelector('form')) ask(`${path}/fields/${field.dataset.f}`, field, 'innerHTML');
  for (const part of page.querySelectorAll('[data-part]')) {
    const isUsed = part.contains(document.activeElement) || [...part.querySelectorAll('input[type=text]')].some(input => input.value !== input.defaultValue);
    if (!isUsed) ask(`${path}/parts/${part.dataset.part}`, part, 'outerHTML');
  }
  const comments = page.querySelector('#comments');
  if (!comments.querySelector('.comment-form')) ask(`${path}/comments`, comments, 'outerHTML');
}

function changed(project, id) {
  const page = document.getElementById('task');
  if (page && (page.dataset.t === id || id === '*')) refreshTask(page);
  if (board()?.dataset.p === project) id === '0' ? reloadList('board') : bringCard(id);
  const list = document.querySelector('[data-list]');
  if (!list || (list.dataset.p && list.dataset.p !== project)) return;
  const row = list.querySelector(`tr[data-t="${id}"]`);
  row ? refreshRow(row, id) : reloadList(list.id);
}

document.addEventListener('changed', event => {
  const { topic, id } = JSON.parse(event.detail.data);
  if (topic !== 'projects') return;
  const [project, task] = id.split(':');
  changed(project, task ?? '*');
});

document.addEventListener('resync', () => {
  const page = document.getElementById('task');
  if (page) refreshTask(page);
  if (board()) reloadList('board');
  const list = document.querySelector('[data-list]');
  if (list) reloadList(list.id);
});
