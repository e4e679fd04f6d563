// Fields are changed where they stand: a click on a cell of a list, or on a property of a task, brings its form. One
// listener serves all of them, so that a row carries no attributes of its own.

const taskOf = field => field.closest('[data-t]')?.dataset.t;
const isRow = field => field.localName === 'td' || field.localName === 'th';
const placeOf = field => (isRow(field) ? '?in=row' : '');
const addressOf = field => `/projects/tasks/${taskOf(field)}/fields/${field.dataset.f}`;

/** Whether something was typed into a form that nobody has saved. */
function isTouched(form) {
  return [...form.elements].some(field => {
    if (field.type === 'hidden' || field.localName === 'button') return false;
    if (field.type === 'checkbox') return field.checked !== field.defaultChecked;
    if (field.options) return ![...field.options].every(option => option.selected === option.defaultSelected);
    return field.value !== field.defaultValue;
  });
}

/** Closes the form that is open elsewhere; one in which something was typed stays, and is shown instead. */
function closeOther(field) {
  for (const form of document.querySelectorAll('.field-form')) {
    if (field.contains(form)) continue;
    if (isTouched(form)) {
      form.querySelector('[name=value]')?.focus();
      return false;
    }
    form.querySelector('[data-cancel]')?.click();
  }
  return true;
}

async function openField(field) {
  if (field.querySelector('form') || !closeOther(field)) return;
  field.dataset.opening = '';
  await htmx.ajax('GET', `${addressOf(field)}/edit${placeOf(field)}`, { source: field, target: field, swap: 'innerHTML' });
  delete field.dataset.opening;
}

const mayEdit = field => (isRow(field) ? field.closest('[data-may]') : field.querySelector('.edit'));

document.addEventListener('click', event => {
  const field = event.target.closest?.('[data-t] [data-f]');
  if (!field || event.button !== 0 || event.ctrlKey || event.metaKey) return;
  const isEdit = event.target.closest('.edit');
  // Links lead where they lead, and a title is a link; text that is being marked is not a click.
  if (!isEdit && (event.target.closest('a, button, input, select, textarea, label, form, summary') || String(getSelection()))) return;
  if (!isEdit && !isRow(field) && !field.closest('.properties')) return;
  if (!mayEdit(field)) return;
  event.preventDefault();
  event.stopPropagation();
  openField(field);
}, true);

// A choice from a list needs no further click.
document.addEventListener('change', event => {
  if (!event.target.closest('[data-submits]')) return;
  event.target.form?.requestSubmit();
});

// The focus goes into the form that came, and back to where it was opened from. What others changed leaves it alone.
document.addEventListener('htmx:after:swap', event => {
  const { target, response, quiet } = event.detail.ctx;
  if (quiet || !target?.matches?.('[data-f]')) return;
  const input = target.querySelector('[aria-invalid="true"], [name=value], [name=new_label]');
  if (input) {
    if (response?.status !== 422) input.focus();
    if (input.localName === 'input' && input.type === 'text') input.select();
    return;
  }
  (target.querySelector('.edit, a') ?? target.closest('tr')?.querySelector('a'))?.focus({ preventScroll: true });
});

// A click beside a form in which nothing was typed closes it.
document.addEventListener('pointerdown', event => {
  const form = document.querySelector('.task-table .field-form');
  if (form && !form.contains(event.target) && !isTouched(form)) form.querySelector('[data-cancel]')?.click();
});

// The form with the filter stays where it is; the ways to the other views take the new filter along.
document.addEventListener('htmx:after:swap', event => {
  if (!event.detail.ctx.target?.matches?.('#tasks, #board')) return;
  for (const tab of document.querySelectorAll('.project-tabs a[data-filtered]')) tab.search = location.search;
});
