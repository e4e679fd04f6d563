// Edits: the form in a cell, and levels that are set by a key, in one cell or in a whole range.

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
  request('GET', td, '/edit');
}

/** Asks for a cell. The context remembers which one, because its element may be another one by the time of the answer. */
function request(method, td, action, values) {
  const cell = idsOf(td);
  return htmx.ajax(method, addressOf(cell, action), { source: td, target: td, swap: 'outerHTML', values, cell });
}

// A window or an earlier answer may have put another element in a cell's place, and a window must not take away a
// form that was opened while it was on its way.
document.addEventListener('htmx:after:request', event => {
  const { ctx } = event.detail;
  if (ctx.cell && !ctx.target.isConnected) ctx.target = ctx.sourceElement = cellAt(ctx.cell) ?? ctx.target;
  if (matrix() && ctx.sourceElement === matrix() && grid()?.querySelector('td.editing')) {
    wanted = '';
    event.preventDefault();
  }
});

const csrf = () => document.querySelector('input[name=csrf]').value;

// Cells whose level is being saved, and the level that was asked for meanwhile.
const saving = new Map();

/** Sets a level at once. The cell as it was seen goes along, so that nobody's change is overwritten unseen. */
async function set(td, level) {
  const cell = idsOf(td);
  const key = keyOf(cell);
  if (saving.has(key)) return saving.set(key, level);
  saving.set(key, null);
  activate(td, false);
  await request('POST', td, '', { level, was: levelOf(td), csrf: csrf() });
  const next = saving.get(key);
  saving.delete(key);
  const now = cellAt(cell);
  if (next !== null && now && !now.querySelector('form')) set(now, next);
}

/** A key's level, for the range that is selected, else for the cell. */
function setAll(td, level) {
  if (isRange()) fill(level);
  else set(td, level);
}

// On a scale that goes to ten or has fractions, a second digit may follow the first one.
const SECOND_DIGIT_MS = 450;
let typed = null;

function digit(td, key) {
  const cell = idsOf(td);
  const highest = Number(headerOf(td).dataset.highest);
  const isSecond = typed && keyOf(typed.cell) === keyOf(cell);
  const text = isSecond ? typed.text + key : key;
  if (isSecond) clearTimeout(typed.timer);
  typed = null;
  const mayGrow = text.length === 1 && highest >= 10 && Number(`${text}0`) <= highest && text !== '0';
  if (!mayGrow) return setAll(td, text);
  const timer = setTimeout(() => {
    typed = null;
    const now = cellAt(cell);
    if (now && !now.querySelector('form')) setAll(now, text);
  }, SECOND_DIGIT_MS);
  typed = { cell, text, timer };
}
