// The board: cards are dragged by mouse, or taken up with the space bar, moved with the arrow keys, and put down again. A
// card moves at once; if the server does not take that, it goes back to where it was.

const board = () => document.getElementById('board');
const cardsOf = list => [...list.querySelectorAll(':scope > .task-card')];
const cardById = id => board()?.querySelector(`.task-card[data-t="${id}"]`);
const nameOf = card => card.querySelector('small')?.textContent ?? '';
const columnName = card => card.closest('.column').querySelector('h2').textContent;
const say = text => { document.getElementById('board-news').textContent = text; };

/** Where a card stands, to bring it back there. */
const placeOfCard = card => ({ list: card.parentElement, next: card.nextElementSibling });
function putBack(card, { list, next }) {
  if (!card.isConnected || !list.isConnected) return;
  list.insertBefore(card, next?.parentElement === list ? next : null);
}

const isSamePlace = (card, place) => card.parentElement === place.list && card.nextElementSibling === place.next;

/** Tells the server where a card is now. Its answer brings the card as it stands, and what the columns count. */
function save(card, origin) {
  if (isSamePlace(card, origin)) return;
  const values = {
    status: card.closest('.column').dataset.s,
    before: card.nextElementSibling?.dataset.t ?? '',
    after: card.previousElementSibling?.dataset.t ?? '',
    version: card.dataset.v,
    csrf: document.querySelector('input[name=csrf]').value,
  };
  const url = `/projects/tasks/${card.dataset.t}/placement?${board().dataset.q}`;
  card.dataset.moving = '';
  htmx.ajax('POST', url, { source: board(), target: '#arrivals', swap: 'innerHTML', values, moved: { id: card.dataset.t, origin } });
}

function returnMoved(ctx, text) {
  const card = ctx.moved && cardById(ctx.moved.id);
  if (!card) return;
  delete card.dataset.moving;
  putBack(card, ctx.moved.origin);
  say(`${nameOf(card)} is back in ${columnName(card)}. ${text}`);
}

document.addEventListener('htmx:error', event => returnMoved(event.detail.ctx ?? {}, 'The server could not be reached.'));
document.addEventListener('htmx:response:error', event => {
  if (event.detail.ctx.response.status !== 409) returnMoved(event.detail.ctx, 'The server did not take it.');
});

// By mouse.
let dragged = null;

document.addEventListener('pointerdown', event => {
  const card = event.target.closest?.('#board[data-may] .task-card');
  if (!card || event.pointerType === 'touch') return;
  card.draggable = true;
  // The link in it would be dragged as an address.
  card.querySelector('a').draggable = false;
});

document.addEventListener('dragstart', event => {
  const card = event.target.closest?.('#board[data-may] .task-card');
  if (!card) return;
  drop();
  dragged = { card, origin: placeOfCard(card), taken: false };
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', nameOf(card));
  requestAnimationFrame(() => card.classList.add('dragged'));
});

document.addEventListener('dragover', event => {
  const column = dragged && event.target.closest?.('#board .column');
  if (!column) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'move';
  const list = column.querySelector('.cards');
  const below = cardsOf(list).find(card => {
    const box = card.getBoundingClientRect();
    return card !== dragged.card && event.clientY < box.top + box.height / 2;
  });
  const next = below ?? list.querySelector('.further');
  if (dragged.card !== next && (dragged.card.parentElement !== list || dragged.card.nextElementSibling !== next)) list.insertBefore(dragged.card, next);
});

document.addEventListener('drop', event => {
  if (!dragged || !event.target.closest?.('#board .column')) return;
  event.preventDefault();
  dragged.taken = true;
});

document.addEventListener('dragend', () => {
  if (!dragged) return;
  const { card, origin, taken } = dragged;
  dragged = null;
  card.classList.remove('dragged');
  card.draggable = false;
  if (taken) save(card, origin);
  else putBack(card, origin);
});

// By keyboard.
let lifted = null;

function lift(card) {
  lifted = { card, origin: placeOfCard(card) };
  card.classList.add('lifted');
  say(`${nameOf(card)} is taken up. Move it with the arrow keys, put it down with the space bar, or leave it with Escape.`);
}

function drop(keeps = false) {
  if (!lifted) return;
  const { card, origin } = lifted;
  lifted = null;
  card.classList.remove('lifted');
  if (!keeps) {
    putBack(card, origin);
    say(`${nameOf(card)} stays in ${columnName(card)}.`);
  } else {
    say(`${nameOf(card)} is put down in ${columnName(card)}.`);
    save(card, origin);
  }
  card.querySelector('a').focus();
}

/** The list of the column beside this one. */
function neighbour(card, step) {
  const columns = [...board().querySelectorAll('.column')];
  return columns[columns.indexOf(card.closest('.column')) + step]?.querySelector('.cards');
}

function moveLifted(card, key) {
  if (key === 'ArrowUp' && card.previousElementSibling) card.previousElementSibling.before(card);
  else if (key === 'ArrowDown' && card.nextElementSibling?.matches('.task-card')) card.nextElementSibling.after(card);
  else if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const list = neighbour(card, key === 'ArrowLeft' ? -1 : 1);
    if (!list) return;
    const place = cardsOf(card.parentElement).indexOf(card);
    list.insertBefore(card, cardsOf(list)[place] ?? list.querySelector('.further'));
  }
  card.querySelector('a').focus();
  card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  say(`${columnName(card)}, place ${cardsOf(card.parentElement).indexOf(card) + 1} of ${cardsOf(card.parentElement).length}`);
}

function walk(card, key) {
  const cards = cardsOf(card.parentElement);
  const place = cards.indexOf(card);
  let to = null;
  if (key === 'ArrowUp') to = cards[place - 1];
  if (key === 'ArrowDown') to = cards[place + 1];
  for (let step = key === 'ArrowLeft' ? -1 : 1; !to && (key === 'ArrowLeft' || key === 'ArrowRight'); step += Math.sign(step)) {
    const list = neighbour(card, step);
    if (!list) return;
    to = cardsOf(list)[Math.min(place, cardsOf(list).length - 1)];
  }
  to?.querySelector('a').focus();
  to?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

document.addEventListener('keydown', event => {
  const card = event.target.closest?.('#board .task-card');
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const may = board().hasAttribute('data-may');
  if (event.key === ' ' && may) lifted ? drop(true) : lift(card);
  else if (event.key === 'Enter' && lifted) drop(true);
  else if (event.key === 'Escape' && lifted) drop();
  else if (event.key.startsWith('Arrow')) lifted ? moveLifted(card, event.key) : walk(card, event.key);
  else return;
  event.preventDefault();
});

/** Puts a card that came into its place; `null` says that the filter does not show it. */
function settleCard(id) {
  const holder = document.getElementById('arrivals');
  const card = holder.querySelector('.task-card');
  const old = cardById(id);
  if (old && (dragged?.card === old || lifted?.card === old)) return holder.replaceChildren();
  const hadFocus = old?.contains(document.activeElement);
  const list = card && board().querySelector(`.column[data-s="${card.dataset.s}"] .cards`);
  if (!list) return old?.remove();
  const order = other => [Number(other.dataset.o), Number(other.dataset.t)];
  const [position, number] = order(card);
  const next = cardsOf(list).find(other => {
    const [itsPosition, itsNumber] = order(other);
    return other !== old && (itsPosition > position || (itsPosition === position && itsNumber > number));
  });
  const further = list.querySelector('.further');
  old?.remove();
  // Further down than what was loaded: it comes when somebody scrolls there.
  if (!next && further) return holder.replaceChildren();
  list.insertBefore(card, next ?? null);
  if (hadFocus) card.querySelector('a').focus({ preventScroll: true });
  else card.classList.add('arrived');
}

document.addEventListener('htmx:after:swap', event => {
  const { ctx } = event.detail;
  if (ctx.target?.id !== 'arrivals' || !board()) return;
  if (ctx.response?.status === 422) return;
  const id = ctx.request.action.match(/\/tasks\/(\d+)\//)?.[1];
  if (id) settleCard(id);
});
