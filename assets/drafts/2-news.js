// What others change in a handoff: each part is asked for again, unless somebody is just writing in it.

/** Whether somebody is at it here: what they typed or chose stays. */
function isUsed(part) {
  if ('unsaved' in part.dataset || part.contains(document.activeElement)) return true;
  return [...part.querySelectorAll('input, textarea, select')].some(field => {
    if (field.type === 'hidden') return false;
    if (field.type === 'radio' || field.type === 'checkbox') return field.checked !== field.defaultChecked;
    if (field.options) return field.value !== ([...field.options].find(option => option.defaultSelected) ?? field.options[0])?.value;
    return field.value !== field.defaultValue;
  });
}

let coming = 0;
const wanted = new Set();

/** Asks for a part of the page again, or for all of them. */
function refresh(part = '*') {
  wanted.add(part);
  clearTimeout(coming);
  coming = setTimeout(bring, 250);
}

async function bring() {
  const page = document.getElementById('handoff') ?? document.getElementById('handoffs');
  if (!page) return;
  const parts = page.matches('[data-handoffs]') ? [page] : [...page.querySelectorAll('[data-part]')];
  const due = parts.filter(part => wanted.has('*') || wanted.has(part.id));
  wanted.clear();
  for (const part of due) {
    if (!part.id || isUsed(part)) continue;
    await htmx.ajax('GET', location.pathname + location.search, { source: part, target: part, select: `#${part.id}`, swap: 'outerHTML' });
  }
}

// Somebody may have begun to type while it was on its way.
document.addEventListener('htmx:before:swap', event => {
  const { ctx } = event.detail;
  if (ctx.request?.method === 'GET' && ctx.target?.matches?.('.handoff [data-part]') && isUsed(ctx.target)) event.preventDefault();
});

document.addEventListener('changed', event => {
  const { topic, id } = JSON.parse(event.detail.data);
  if (topic !== 'handoffs') return;
  const [handoff, part] = id.split(':');
  const page = document.getElementById('handoff');
  // The list shows nothing of the parts.
  if (page ? page.dataset.h === handoff || id === '*' : !part) refresh(part);
});

document.addEventListener('resync', () => refresh());
