// Why a cell looks as it does: fetched when the pointer or the focus rests on it, as a cell has no room for reasons and
// thousands of them no need.

const REST_MS = 350;
const WITH_REASONS = ['gap', 'validation', 'age'];
let resting = null;
let explained = null;

const bubble = () => document.getElementById('reason');

function explainSoon(td) {
  clearTimeout(resting);
  if (!bubble() || td === explained) return;
  forgetReason();
  // What stands behind a cell today says nothing about a day that is past.
  if (!td || !td.textContent || matrix().dataset.query.includes('as_of=') || !WITH_REASONS.includes(matrix().dataset.mode) || grid().querySelector('td.editing')) return;
  resting = setTimeout(() => explain(td), REST_MS);
}

async function explain(td) {
  explained = td;
  const { person, skill } = idsOf(td);
  await htmx.ajax('GET', `/skills/ratings/${person}/${skill}/reason`, { source: bubble(), target: '#reason', swap: 'innerHTML' });
  if (explained !== td || !td.isConnected || !bubble().textContent) return;
  showReason(td);
}

function showReason(td) {
  const box = bubble();
  box.hidden = false;
  td.setAttribute('aria-describedby', 'reason');
  const cell = td.getBoundingClientRect();
  const room = document.documentElement.clientWidth - box.offsetWidth - 8;
  const below = cell.bottom + 4 + box.offsetHeight < document.documentElement.clientHeight;
  box.style.left = `${Math.max(8, Math.min(cell.left, room))}px`;
  box.style.top = `${below ? cell.bottom + 4 : cell.top - box.offsetHeight - 4}px`;
}

function forgetReason() {
  clearTimeout(resting);
  explained?.removeAttribute('aria-describedby');
  explained = null;
  if (bubble()) bubble().hidden = true;
}

document.addEventListener('mouseover', event => { if (grid()) explainSoon(cellOf(event.target)); });
document.addEventListener('focusin', event => { if (grid()) explainSoon(cellOf(event.target)); });
document.addEventListener('scroll', forgetReason, { capture: true, passive: true });
document.addEventListener('keydown', event => { if (event.key === 'Escape') forgetReason(); });
