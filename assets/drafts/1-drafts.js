// The parts of a draft save themselves. What could not be sent is kept in the browser, says so, and is sent as soon as the
// server answers again, also after the tab was closed.

const RETRY_MS = 5000;
const place = form => `draft:${form.getAttribute('action')}`;
const text = form => form.querySelector('textarea');
const drafts = () => document.querySelectorAll('form[data-autosave]');
const say = (form, words) => (form.querySelector('.save-status').textContent = words);

function keep(form) {
  try {
    localStorage.setItem(place(form), text(form).value);
  } catch {
    // A browser that keeps nothing still sends it.
  }
}

/** Another tab may keep other words in the same place. */
function forget(form) {
  if (localStorage.getItem(place(form)) === text(form).value) localStorage.removeItem(place(form));
}

document.addEventListener('input', event => {
  const form = event.target.closest?.('form[data-autosave]');
  if (!form) return;
  form.dataset.unsaved = '';
  keep(form);
  say(form, 'Writing …');
});

/** Sends it again, as if somebody had typed. */
function sendAgain(form) {
  text(form).dispatchEvent(new Event('input', { bubbles: true }));
}

document.addEventListener('htmx:after:request', event => {
  const { ctx } = event.detail;
  const form = ctx.sourceElement?.closest?.('form[data-autosave]');
  if (!form || ctx.response?.status !== 200) return;
  // What was typed since then is on its way by itself.
  if (ctx.request.body?.get?.('body') !== text(form).value) return;
  delete form.dataset.unsaved;
  forget(form);
});

document.addEventListener('htmx:error', event => {
  const { ctx } = event.detail;
  const form = ctx?.sourceElement?.closest?.('form[data-autosave]');
  if (!form || ctx.response) return;
  event.stopImmediatePropagation();
  say(form, 'Not saved: the server cannot be reached. It is kept here, and sent again by itself.');
  setTimeout(() => form.isConnected && 'unsaved' in form.dataset && sendAgain(form), RETRY_MS);
}, true);

/** What an earlier tab could not send. */
function bringBack(form) {
  const kept = localStorage.getItem(place(form));
  if (kept === null || 'unsaved' in form.dataset) return;
  if (kept === text(form).value) return forget(form);
  text(form).value = kept;
  sendAgain(form);
}

const bringAllBack = () => drafts().forEach(bringBack);
// Only then htmx listens: it comes to the page later than this, and to each part that is swapped in.
document.addEventListener('htmx:after:process', bringAllBack);
window.addEventListener('online', () => document.querySelectorAll('form[data-unsaved]').forEach(sendAgain));
