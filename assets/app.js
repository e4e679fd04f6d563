// What every page needs of scripts: htmx under the strict Content-Security-Policy, the CSRF header, errors told as
// toasts, the theme switch, the focus after a swap, and typed values kept over a log-in. All of it is optional: forms
// and links work without it.
(() => {
  'use strict';
  const root = document.documentElement;
  root.dataset.scripts = '';

  // Security: htmx gets a Trusted Types policy of its own, and constructors that throw in place of eval.
  htmx.registerExtension('tt', {
    init(api) {
      const refuse = function () { throw new TypeError('eval is disabled'); };
      const policy = window.trustedTypes?.createPolicy('htmx', { createHTML: html => html, createScript: refuse });
      api.initSecurity(policy, refuse, refuse);
    },
  });

  document.addEventListener('htmx:config:request', event => {
    const request = event.detail.ctx.request;
    const token = document.querySelector('input[name=csrf]')?.value;
    if (request.method !== 'GET' && token) request.headers['X-CSRF-Token'] = token;
  });

  // Toasts. The same text shows once.
  const READING_MS = 8000;

  function toast(tone, text, actionLabel, action) {
    const box = document.createElement('div');
    box.className = `alert alert-${tone}`;
    box.setAttribute('role', tone === 'danger' ? 'alert' : 'status');
    const words = document.createElement('div');
    words.textContent = text;
    box.append(words);
    if (action) box.append(button('btn btn-link', actionLabel, () => { box.remove(); action(); }));
    const close = button('btn-close', '', () => box.remove());
    close.setAttribute('aria-label', 'Close');
    box.append(close);

    const region = document.getElementById('toasts');
    for (const other of region.children) if (other.firstElementChild.textContent === text) other.remove();
    region.append(box);
  }

  function button(className, label, onClick) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = className;
    made.textContent = label;
    made.addEventListener('click', onClick);
    return made;
  }

  document.addEventListener('click', event => {
    if (event.target.matches?.('[data-dismiss]')) event.target.closest('.alert').remove();
  });

  // One box that ticks all others of its name, in its table.
  document.addEventListener('change', event => {
    const name = event.target.dataset?.checkAll;
    if (!name) return;
    for (const box of event.target.closest('table').querySelectorAll(`input[type=checkbox][name="${name}"]`)) box.checked = event.target.checked;
  });

  document.addEventListener('click', event => {
    if (event.target.closest?.('[data-print]')) window.print();
  });

  function letGoodNewsFade() {
    for (const box of document.querySelectorAll('#toasts :is(.alert-success, .alert-info):not([data-fading])')) {
      box.dataset.fading = '';
      setTimeout(() => box.remove(), READING_MS);
    }
  }

  // Errors that carry no fragment of ours: a toast, never a swap.
  const MEANING = {
    403: 'You are not allowed to do that.',
    404: 'That is no longer there.',
    413: 'That is too large to send.',
    429: 'Too many requests at once. Wait a moment.',
    503: 'The server is busy. Wait a moment.',
  };

  document.addEventListener('htmx:response:error', event => {
    const { ctx } = event.detail;
    const status = ctx.response.status;
    if (status === 401) return keepTyped(ctx.request.form ?? ctx.sourceElement.closest?.('form'));
    if (status === 409 || status === 422 || ctx.hx.redirect || /<hx-partial/.test(ctx.text)) return;
    toast('danger', MEANING[status] ?? `The server could not answer (${status}).`, 'Try again', () => repeat(ctx));
  });

  document.addEventListener('htmx:error', event => {
    const { ctx, error } = event.detail;
    if (!ctx) return;
    // Without a response the request itself failed; with one, the fault is in showing it.
    if (ctx.response) return toast('danger', 'This page has a fault. Reload it.', 'Reload', () => location.reload());
    const late = error?.name === 'AbortError' || error === 'timeout';
    toast('danger', late ? 'The server did not answer in time.' : 'The server cannot be reached.', 'Try again', () => repeat(ctx));
  });

  /** Asks again the way the person asked: by the form or link, else with the same address and values. */
  function repeat(ctx) {
    const source = ctx.sourceElement;
    const { form, submitter, method, action, body } = ctx.request;
    if (!source.isConnected) return location.reload();
    if (source === form) return form.requestSubmit(submitter?.isConnected ? submitter : null);
    if (source.matches('a, button')) return source.click();
    const values = body ? Object.fromEntries(body) : undefined;
    htmx.ajax(method, action, { source, target: ctx.target, swap: ctx.swap, values });
  }

  document.addEventListener('htmx:sse:error', event => {
    if (event.detail.status !== 401) return;
    toast('danger', 'You have been logged out.', 'Log in again', () => {
      keepTyped(document.activeElement?.closest?.('form'));
      location.reload();
    });
  });

  // Escape leaves a form that was opened in place, as its Cancel does. The cells of the matrix see to that themselves.
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.target.closest?.('#grid')) return;
    event.target.closest?.('form')?.querySelector('[data-cancel]')?.click();
  });

  // Theme: at once, without waiting for the answer.
  document.addEventListener('submit', event => {
    const chosen = event.submitter;
    if (!event.target.matches('.theme-switch') || !chosen) return;
    root.dataset.bsTheme = chosen.value;
    for (const each of event.target.querySelectorAll('button')) each.setAttribute('aria-pressed', String(each === chosen));
  });

  // Focus: the first field that is wrong, or the new page's content, unless the page says otherwise.
  document.addEventListener('htmx:after:swap', event => {
    const { ctx } = event.detail;
    letGoodNewsFade();
    refill();
    if (ctx.response?.status === 422) return document.querySelector('[aria-invalid="true"]')?.focus();
    if (ctx.target === document.body && !document.querySelector('[autofocus]')) {
      document.getElementById('main')?.focus({ preventScroll: true });
    }
  });

  // Typed values survive a session that ended: kept for this tab and this person, never secrets or files.
  const KEPT = 'quarterdeck.typed';
  const KEPT_FOR_MS = 60 * 60 * 1000;
  const here = () => location.pathname + location.search;
  const person = () => document.querySelector('.who-name')?.textContent ?? '';
  const purpose = form => ['action', 'hx-post', 'hx-put', 'hx-patch'].map(name => form.getAttribute(name)).find(Boolean) ?? here();

  function keepTyped(form) {
    if (!form) return;
    const secret = name => [...form.elements].some(field => field.name === name && field.type === 'password');
    const values = [...new FormData(form)].filter(([name, value]) => name !== 'csrf' && typeof value === 'string' && !secret(name));
    if (!values.length) return;
    sessionStorage.setItem(KEPT, JSON.stringify({ page: here(), person: person(), purpose: purpose(form), values, at: Date.now() }));
  }

  function refill() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
    if (!kept || kept.page !== here()) return;
    if (kept.person !== person() || Date.now() - kept.at > KEPT_FOR_MS) return sessionStorage.removeItem(KEPT);
    const form = [...document.forms].find(each => purpose(each) === kept.purpose);
    if (form) {
      sessionStorage.removeItem(KEPT);
      fill(form, kept.values);
      toast('info', 'What you had typed before the log-in is back. It is not saved yet.');
    } else if (!kept.told) {
      sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, told: true }));
      toast('info', 'What you had typed before the log-in is kept. Open the form again to go on.');
    }
  }

  function fill(form, values) {
    const chosen = (name, value) => values.some(([n, v]) => n === name && v === value);
    for (const field of form.elements) {
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = chosen(field.name, field.value);
      else if (field.type === 'select-multiple') for (const option of field.options) option.selected = chosen(field.name, option.value);
      else {
        const found = values.findIndex(([name]) => name === field.name);
        if (found >= 0 && field.type !== 'hidden') field.value = values.splice(found, 1)[0][1];
      }
    }
  }

  // On a phone the administration's sub-navigation is a strip that scrolls; where one is should be in sight.
  const showWhereOneIs = () => {
    const strip = document.querySelector('.admin-nav');
    const here = strip?.querySelector('[aria-current]');
    if (here) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
  };
  document.addEventListener('htmx:after:swap', showWhereOneIs);

  document.addEventListener('DOMContentLoaded', () => { letGoodNewsFade(); refill(); showWhereOneIs(); });
})();
